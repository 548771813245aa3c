import { describeActor, isSameActor } from '../access/actor.ts'
import type { Actor } from '../access/actor.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { Deployment } from './deployment.ts'

/** Whether somebody set a deployment off: by the ledger's record, or by name in its trigger (the pusher behind an API client). */
export function isTrigger(
  { trigger, triggeredBy }: Pick<Deployment, 'trigger' | 'triggeredBy'>,
  actor: Actor,
): boolean {
  if (isSameActor(triggeredBy, actor)) return true
  if (trigger.type === 'git-push') return actor.type === 'user' && actor.id === trigger.pusher
  if (trigger.type === 'manual') return actor.type === 'user' && actor.id === trigger.user
  return trigger.type === 'api' && actor.type === 'api-client' && actor.id === trigger.client
}

/** The refusal for somebody who would judge what they began: somebody else has to. */
export function fourEyesRequired(target: string, actor: Actor, because: string): Rejection {
  const who = describeActor(actor)
  return reject('four-eyes-required', `${who} ${because}: somebody else has to look at ${target}`, {
    target,
    subject: actor.id,
    because,
  })
}
