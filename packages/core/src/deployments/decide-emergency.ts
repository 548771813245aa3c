import { describeActor } from '../access/actor.ts'
import { personRequired } from '../access/person.ts'
import { raise } from '../drift/alerts.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import { accepted, rejected } from '../environment/decision.ts'
import type { CommandContext, Decision } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { Rejection } from '../ledger-error.ts'
import { checkRequiredText, TEXT_CHARACTERS } from '../required-text.ts'
import type { DeploymentCommandOf } from './commands.ts'
import { findDeployment } from './find.ts'
import { fourEyesRequired, isTrigger } from './four-eyes.ts'
import { hasEnded } from './deployment.ts'

/** Why a deployment may not skip approval: it takes a person, who says why (DEPLOY 13). */
export function checkEmergency(
  { emergency }: DeploymentCommandOf<'trigger-emergency'>,
  { actor }: CommandContext,
): Rejection | undefined {
  const notAPerson = personRequired(actor, 'skip approval in an emergency')
  if (notAPerson !== undefined) return notAPerson
  return checkRequiredText('reason', emergency.reason, 'an emergency deployment gives its reason')
}

/** Everybody is told at once that approval was skipped, by whom and why. */
export function emergencyAlert(
  state: EnvironmentState,
  { deployment, emergency }: DeploymentCommandOf<'trigger-emergency'>,
  { actor, newId }: CommandContext,
): readonly DomainEvent[] {
  const message = `emergency deployment ${deployment} of ${describeActor(actor)} skips approval: ${emergency.reason}`
  const alert = {
    reason: 'emergency-deployment',
    severity: 'critical',
    message: message.slice(0, TEXT_CHARACTERS),
  } as const
  return raise(state, alert, newId)
}

/** An emergency deployment stays open until somebody else has reviewed what it did (DEPLOY 13). */
export function decideReview(
  state: EnvironmentState,
  { deployment: id, comment }: DeploymentCommandOf<'review-deployment'>,
  { actor }: CommandContext,
): Decision {
  const found = findDeployment(state, id)
  if ('code' in found) return { type: 'rejected', rejection: found }
  const { status, emergency, review } = found
  if (emergency === undefined) {
    const message = `deployment ${id} was no emergency: there is nothing to review`
    return rejected('review-unneeded', message, { deployment: id })
  }
  const notAPerson = personRequired(actor, 'review a deployment')
  if (notAPerson !== undefined) return { type: 'rejected', rejection: notAPerson }
  if (isTrigger(found, actor)) return { type: 'rejected', rejection: fourEyesRequired(id, actor, 'triggered it') }
  if (!hasEnded(found)) {
    const message = `deployment ${id} is ${status}: review it when it has ended`
    return rejected('deployment-in-progress', message, { deployment: id, status })
  }
  const problem = checkRequiredText('comment', comment, 'a review says what was found')
  if (problem !== undefined) return { type: 'rejected', rejection: problem }
  return accepted(review === undefined ? [{ type: 'DeploymentReviewed', data: { deployment: id, comment } }] : [])
}
