import { parseChoice } from '../arguments.ts'
import { defineCommand, option } from '../command.ts'
import { showActor } from '../output/lineage.ts'
import { table } from '../output/table.ts'
import { showMoment, showValue } from '../output/text.ts'

export const requests = defineCommand({
  name: 'requests',
  group: 'Ask',
  summary: 'Change requests, newest first',
  arguments: {},
  options: {
    status: option(
      '<status>',
      'pending, applied, converged, withdrawn or rejected; all when left out',
      parseChoice('pending', 'applied', 'converged', 'withdrawn', 'rejected'),
    ),
  },
  examples: [
    ['infraledger requests --status pending', 'what waits for the next deployment'],
    ['infraledger requests --json', 'all that anybody ever asked for, as data'],
  ],
  async run({ options: { status } }, session) {
    const environment = await session.environment()
    const value = await environment.requests(status === undefined ? {} : { status })
    return {
      type: 'document',
      value,
      text: (look) => {
        if (value.length === 0)
          return status === undefined ? 'Nobody has requested a change yet.' : `No change request is ${status}.`
        const rows = value.map(({ request, status, node, set, requester, requestedAt, reason }) => [
          request,
          status,
          node,
          Object.entries(set)
            .map(([property, wanted]) => `${property}=${showValue(wanted)}`)
            .join(' '),
          showActor(requester),
          showMoment(requestedAt),
          reason,
        ])
        return table(
          [
            { heading: 'REQUEST', narrow: 'whole' },
            { heading: 'STATUS' },
            { heading: 'NODE', style: 'bold', narrow: 'whole' },
            { heading: 'SETS', narrow: 'whole' },
            { heading: 'REQUESTER' },
            { heading: 'REQUESTED', narrow: 'moment' },
            { heading: 'REASON', narrow: 'whole' },
          ],
          rows,
          look,
        )
      },
    }
  },
})
