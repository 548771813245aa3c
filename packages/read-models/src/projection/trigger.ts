import type { Trigger } from '@infraledger/core'
import type { Row } from '../tables/catalogue.ts'

/** What set a deployment off, as columns. */
export function triggerColumns(
  trigger: Trigger,
): Pick<Row<'deployments'>, 'trigger_type' | 'trigger_ref' | 'triggered_for'> {
  const { type } = trigger
  switch (type) {
    case 'git-push':
      return { trigger_type: type, trigger_ref: trigger.ref, triggered_for: trigger.pusher }
    case 'manual':
      return { trigger_type: type, trigger_ref: null, triggered_for: trigger.user }
    case 'api':
      return { trigger_type: type, trigger_ref: null, triggered_for: trigger.client }
    case 'pull-request':
      return { trigger_type: type, trigger_ref: String(trigger.number), triggered_for: null }
    case 'system':
      return { trigger_type: type, trigger_ref: null, triggered_for: null }
  }
}
