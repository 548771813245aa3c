import { defineCommand, flag } from '../command.ts'
import { table } from '../output/table.ts'
import { showMoment } from '../output/text.ts'

export const environments = defineCommand({
  name: 'environments',
  group: 'Ask',
  summary: 'The environments of the ledger',
  arguments: {},
  options: { deleted: flag('also those that were deleted from the ledger') },
  examples: [
    ['infraledger environments', 'which environments there are, and how far each has come'],
    ['infraledger environments --json --ledger team.db', 'the same as data, of another ledger'],
  ],
  async run({ options: { deleted } }, session) {
    const ledger = await session.ledger()
    const names = await ledger.environments({ deleted })
    const value = await Promise.all(names.map((name) => ledger.environment(name).describe()))
    return {
      type: 'document',
      value,
      text: (look) => {
        if (value.length === 0) return 'There is no environment yet: "infraledger create" or an import makes one.'
        const hasEnded = value.some(({ status }) => status !== 'active')
        const rows = value.map(({ name, type, graphVersion, createdAt, status }) => [
          name,
          type,
          String(graphVersion),
          showMoment(createdAt),
          ...(hasEnded ? [status] : []),
        ])
        return table(
          [
            { heading: 'ENVIRONMENT', style: 'bold', narrow: 'keep' },
            { heading: 'TYPE' },
            { heading: 'GRAPH', alignRight: true },
            { heading: 'CREATED', narrow: 'moment' },
            ...(hasEnded ? [{ heading: 'STATUS' }] : []),
          ],
          rows,
          look,
        )
      },
    }
  },
})
