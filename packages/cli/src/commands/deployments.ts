import type { Trigger } from '@infraledger/core'
import { defineCommand, flag } from '../command.ts'
import { table } from '../output/table.ts'
import { showMoment } from '../output/text.ts'

export const deployments = defineCommand({
  name: 'deployments',
  group: 'Ask',
  summary: 'Deployments, newest first',
  arguments: {},
  options: { unreviewed: flag('only emergencies that nobody else has reviewed yet') },
  examples: [
    ['infraledger deployments', 'what was deployed, by whom, and how it ended'],
    [`infraledger deployments --json | jq '.[] | select(.status == "failed")'`, 'which deployments failed, and why'],
  ],
  async run({ options: { unreviewed } }, session) {
    const environment = await session.environment()
    const value = await environment.deployments(unreviewed ? { unreviewed: true } : {})
    return {
      type: 'document',
      value,
      text: (look) => {
        if (value.length === 0) return unreviewed ? 'No emergency waits for a review.' : 'Nothing was deployed yet.'
        const rows = value.map(
          ({ id, status, commit, trigger, destroys, triggeredAt, endedAt, graphVersion, reason }) => [
            id,
            status,
            commit,
            `${showTrigger(trigger)}${destroys === true ? ' (destroys)' : ''}`,
            showMoment(triggeredAt),
            showMoment(endedAt),
            graphVersion === undefined ? '-' : String(graphVersion),
            reason ?? '',
          ],
        )
        return table(
          [
            { heading: 'DEPLOYMENT', narrow: 'whole' },
            { heading: 'STATUS', style: 'bold' },
            { heading: 'COMMIT' },
            { heading: 'TRIGGER' },
            { heading: 'TRIGGERED', narrow: 'moment' },
            { heading: 'ENDED', narrow: 'moment' },
            { heading: 'GRAPH', alignRight: true },
            { heading: 'REASON', narrow: 'whole' },
          ],
          rows,
          look,
        )
      },
    }
  },
})

/** Who or what set a deployment off. */
export function showTrigger(trigger: Trigger): string {
  switch (trigger.type) {
    case 'git-push':
      return `push by ${trigger.pusher}`
    case 'manual':
      return `by hand, ${trigger.user}`
    case 'api':
      return `API client ${trigger.client}`
    case 'pull-request':
      return `pull request ${trigger.number}`
    case 'system':
      return 'system'
  }
}
