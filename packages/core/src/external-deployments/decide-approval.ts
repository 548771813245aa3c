import { isSameActor } from '../access/actor.ts'
import { personRequired } from '../access/person.ts'
import { fourEyesRequired, isTrigger } from '../deployments/four-eyes.ts'
import type { CommandContext, Decision } from '../environment/decision.ts'
import { accepted } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { checkRequiredText } from '../required-text.ts'
import type { ExternalDeploymentCommandOf } from './commands.ts'
import { movementText } from './describe-movement.ts'
import { findOpenExternal } from './find.ts'
import type { ExternalDeployment } from './state.ts'

/** A person approves the very plan that the digest names, as long as nothing moved under it. */
export function decideExternalApproval(
  state: EnvironmentState,
  command: ExternalDeploymentCommandOf<'approve-external'>,
  context: CommandContext,
): Decision {
  const found = findToDecide(state, command, 'approve', context)
  if ('code' in found) return { type: 'rejected', rejection: found }
  if (found.movements > 0 && found.credited === 0) return { type: 'rejected', rejection: stale(found) }
  const { actor } = context
  const { trigger, proposedBy: triggeredBy } = found
  if (state.environment.policies.approvals.fourEyes === true && isTrigger({ trigger, triggeredBy }, actor))
    return { type: 'rejected', rejection: fourEyesRequired(found.id, actor, 'proposed it') }
  if (found.approvals.some(({ by }) => isSameActor(by, actor))) return accepted([])
  const { deployment, digest, comment } = command
  const data = { deployment, digest, ...(comment === undefined ? {} : { comment }) }
  return accepted([{ type: 'ExternalDeploymentApproved', data }])
}

/** A person turns the plan down. That nobody carries it out is not ours to see to; if somebody does, it is alerted. */
export function decideExternalRejection(
  state: EnvironmentState,
  command: ExternalDeploymentCommandOf<'reject-external'>,
  context: CommandContext,
): Decision {
  const found = findToDecide(state, command, 'reject', context)
  if ('code' in found) return { type: 'rejected', rejection: found }
  const { deployment, digest, reason } = command
  const problem = checkRequiredText('reason', reason, 'a rejection gives its reason')
  if (problem !== undefined) return { type: 'rejected', rejection: problem }
  return accepted([{ type: 'ExternalDeploymentRejected', data: { deployment, digest, reason } }])
}

function findToDecide(
  state: EnvironmentState,
  { deployment: id, digest }: { readonly deployment: string; readonly digest: string },
  action: string,
  context: CommandContext,
): ExternalDeployment | Rejection {
  const deployment = findOpenExternal(state, id)
  if ('code' in deployment) return deployment
  const notAPerson = personRequired(context.actor, `${action} an external deployment`)
  if (notAPerson !== undefined) return notAPerson
  if (deployment.digest === digest) return deployment
  return reject(
    'plan-digest-mismatch',
    `external deployment ${id} is of plan ${deployment.digest}, not ${digest}: read it again before you ${action} it`,
    { deployment: id, expected: deployment.digest, given: digest },
  )
}

function stale({ id, moved, movements }: ExternalDeployment): Rejection {
  const told = moved.map(movementText)
  const message = `what external deployment ${id} plans to change moved since it was proposed: ${told.slice(0, 3).join('; ')}; make the plan again and propose that`
  return reject('external-plan-stale', message, { deployment: id, moved: told, movements })
}
