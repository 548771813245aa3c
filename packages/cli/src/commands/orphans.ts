import { defineCommand } from '../command.ts'
import { leftBehindTable } from '../output/ending.ts'

export const orphans = defineCommand({
  name: 'orphans',
  group: 'Ask',
  summary: 'What destroyed and deleted environments have left at providers',
  description: 'As far as the ledger knows. What an environment that lives knows under the same handle is not listed.',
  arguments: {},
  options: {},
  examples: [
    ['infraledger orphans', 'what somebody should look after'],
    ['infraledger orphans --json', 'the same as data, with the handles at the providers'],
  ],
  async run(_, session) {
    const value = await (await session.ledger()).orphans()
    return {
      type: 'document',
      value,
      text: (look) => (value.length === 0 ? 'Nothing is orphaned.' : leftBehindTable(value, look)),
    }
  },
})
