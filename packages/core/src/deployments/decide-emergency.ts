import { describeActor } from '../access/actor.ts'
import { raise } from '../drift/alerts.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import { accepted, rejected } from '../environment/decision.ts'
import type { CommandContext, Decision } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { DeploymentCommandOf } from './commands.ts'
import { findDeployment } from './find.ts'
import { fourEyesRequired, isTrigger } from './four-eyes.ts'
import { hasEnded } from './deployment.ts'

/** Longest reason or comment that is recorded. */
const TEXT_CHARACTERS = 4_096

/** Why a deployment may not skip approval: it takes a person, who says why (DEPLOY 13). */
export function checkEmergency(
  { emergency }: DeploymentCommandOf<'trigger-emergency'>,
  { actor }: CommandContext,
): Rejection | undefined {
  if (actor.type !== 'user') {
    const [action, who] = ['skip approval in an emergency', describeActor(actor)]
    return reject('person-required', `only a person can ${action}, not ${who}`, { action, actor: who })
  }
  return checkText('reason', emergency.reason, 'an emergency deployment gives its reason')
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
  if (actor.type !== 'user') {
    const [action, who] = ['review a deployment', describeActor(actor)]
    return rejected('person-required', `only a person can ${action}, not ${who}`, { action, actor: who })
  }
  if (isTrigger(found, actor)) return { type: 'rejected', rejection: fourEyesRequired(id, actor, 'triggered it') }
  if (!hasEnded(found)) {
    const message = `deployment ${id} is ${status}: review it when it has ended`
    return rejected('deployment-in-progress', message, { deployment: id, status })
  }
  const problem = checkText('comment', comment, 'a review says what was found')
  if (problem !== undefined) return { type: 'rejected', rejection: problem }
  return accepted(review === undefined ? [{ type: 'DeploymentReviewed', data: { deployment: id, comment } }] : [])
}

function checkText(what: string, text: string, message: string): Rejection | undefined {
  const problem =
    text.trim() === ''
      ? 'is empty'
      : text.length > TEXT_CHARACTERS
        ? `has over ${TEXT_CHARACTERS} characters`
        : undefined
  return problem === undefined
    ? undefined
    : reject('input-invalid', `${message}; it ${problem}`, { what, issues: [{ path: what, problem }] })
}
