import type { GrantEntry } from '@infraledger/core'
import { parseNodeId, parsePoint } from '../arguments.ts'
import { defineCommand, option } from '../command.ts'
import { table } from '../output/table.ts'
import { showMoment } from '../output/text.ts'

export const grants = defineCommand({
  name: 'grants',
  group: 'Ask',
  summary: 'Who may do what, since when, and because of what',
  description:
    'Grants follow from what the code uses. One that follows from nothing was given by somebody to an identity of ours; the next deployment removes it.',
  arguments: {},
  options: {
    identity: option('<node>', 'only what this identity may do', parseNodeId),
    resource: option('<node>', 'only what may be done with this resource, or need', parseNodeId),
    at: option('<version|time>', 'as the ledger knew it at a graph version, a time, or deployment:<id>', parsePoint),
  },
  examples: [
    ['infraledger grants --resource sql-database/orders', 'who can do what with the orders'],
    ['infraledger grants --identity identity/checkout --at 2026-03-01T14:02:00Z', 'what checkout could do then'],
  ],
  async run({ options: { identity, resource, at } }, session) {
    const environment = await session.environment()
    const value = await environment.grants({
      ...(identity === undefined ? {} : { identity }),
      ...(resource === undefined ? {} : { resource }),
      ...(at === undefined ? {} : { at }),
    })
    return {
      type: 'document',
      value,
      text: (look) => {
        if (value.length === 0) return 'No grant.'
        const rows = value.map((entry) => [
          entry.identity ?? '?',
          entry.operations.join(', '),
          entry.need ?? entry.resource ?? '?',
          showMoment(entry.why.recordedAt),
          because(entry),
          entry.grant,
        ])
        const columns = [
          { heading: 'IDENTITY', style: 'bold', narrow: 'keep' },
          { heading: 'MAY' },
          { heading: 'WITH', narrow: 'keep' },
          { heading: 'SINCE', narrow: 'moment' },
          { heading: 'BECAUSE OF' },
          { heading: 'GRANT', narrow: 'keep' },
        ] as const
        return table(columns, rows, look)
      },
    }
  },
})

function because({ extra, service, why: { cause, deployment, drift } }: GrantEntry): string {
  const who = typeof drift?.attribution === 'object' ? `${drift.attribution.type} ${drift.attribution.id}` : 'somebody'
  if (extra) return `nothing: given by ${who}`
  const by = service === undefined ? '' : `use by ${service}, `
  return deployment === undefined ? `${by}${cause.type}` : `${by}commit ${deployment.commit}`
}
