import { defineCommand } from '../command.ts'
import { table } from '../output/table.ts'
import { showMoment } from '../output/text.ts'

export const environments = defineCommand({
  name: 'environments',
  group: 'Ask',
  summary: 'The environments of the ledger',
  arguments: {},
  options: {},
  examples: [
    ['infraledger environments', 'which environments there are, and how far each has come'],
    ['infraledger environments --json --ledger team.db', 'the same as data, of another ledger'],
  ],
  async run(_, session) {
    const ledger = await session.ledger()
    const names = await ledger.environments()
    const value = await Promise.all(names.map((name) => ledger.environment(name).describe()))
    return {
      type: 'document',
      value,
      text: (look) => {
        if (value.length === 0) return 'There is no environment yet; an import makes one.'
        const rows = value.map(({ name, type, graphVersion, createdAt }) => [
          name,
          type,
          String(graphVersion),
          showMoment(createdAt),
        ])
        return table(
          [
            { heading: 'ENVIRONMENT', style: 'bold', narrow: 'keep' },
            { heading: 'TYPE' },
            { heading: 'GRAPH', alignRight: true },
            { heading: 'CREATED', narrow: 'moment' },
          ],
          rows,
          look,
        )
      },
    }
  },
})
