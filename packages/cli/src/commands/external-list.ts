import { defineCommand, flag } from '../command.ts'
import { table } from '../output/table.ts'
import { showMoment } from '../output/text.ts'
import { showTrigger } from './deployments.ts'

export const externalList = defineCommand({
  name: 'external list',
  group: 'Ask',
  summary: 'Plans that other tools carry out, newest first',
  arguments: {},
  options: { open: flag('only those that have not ended') },
  examples: [
    ['infraledger external list --open', 'what waits for approval, or was applied in part'],
    [`infraledger external list --json | jq '.[] | select(.unapproved)'`, 'what was applied without approval'],
  ],
  async run({ options: { open } }, session) {
    const environment = await session.environment()
    const value = (await environment.externalDeployments()).filter(({ endedAt }) => !open || endedAt === undefined)
    return {
      type: 'document',
      value,
      text: (look) => {
        if (value.length === 0) return open ? 'No external deployment is open.' : 'Nothing was proposed yet.'
        const rows = value.map(({ id, status, plan, commit, trigger, proposedAt, approvals, requiredApprovals }) => [
          id,
          status,
          plan,
          commit,
          showTrigger(trigger),
          showMoment(proposedAt),
          `${approvals.length} of ${requiredApprovals}`,
        ])
        return table(
          [
            { heading: 'DEPLOYMENT', narrow: 'whole' },
            { heading: 'STATUS', style: 'bold' },
            { heading: 'PLAN' },
            { heading: 'COMMIT' },
            { heading: 'TRIGGER' },
            { heading: 'PROPOSED', narrow: 'moment' },
            { heading: 'APPROVALS' },
          ],
          rows,
          look,
        )
      },
    }
  },
})
