import type { CommandContext, Decision } from '../environment/decision.ts'
import { accepted, rejected } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { describeActor } from '../access/actor.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { DeploymentCommandOf } from './commands.ts'
import { findOpenDeployment } from './find.ts'
import type { Deployment } from './state.ts'

/** A person approves the very plan that the digest names. */
export function decideApproval(
  state: EnvironmentState,
  command: DeploymentCommandOf<'approve-deployment'>,
  context: CommandContext,
): Decision {
  const found = findWaiting(state, command.deployment, command.digest, 'approve', context)
  if ('code' in found) return { type: 'rejected', rejection: found }
  if (found.approvals.some(({ by }) => by.id === context.actor.id && by.type === context.actor.type))
    return accepted([])
  const { deployment, digest, comment } = command
  return accepted([
    { type: 'DeploymentApproved', data: { deployment, digest, ...(comment === undefined ? {} : { comment }) } },
  ])
}

/** A person rejects the plan; the deployment ends, its change requests stay pending. */
export function decideRejection(
  state: EnvironmentState,
  command: DeploymentCommandOf<'reject-deployment'>,
  context: CommandContext,
): Decision {
  const found = findWaiting(state, command.deployment, command.digest, 'reject', context)
  if ('code' in found) return { type: 'rejected', rejection: found }
  const { deployment, digest, reason } = command
  if (reason.trim() === '')
    return rejected('input-invalid', 'a rejection gives its reason', {
      what: 'reason',
      issues: [{ path: 'reason', problem: 'is empty' }],
    })
  return accepted([{ type: 'DeploymentRejected', data: { deployment, digest, reason } }])
}

function findWaiting(
  state: EnvironmentState,
  id: string,
  digest: string,
  action: string,
  { actor }: CommandContext,
): Deployment | Rejection {
  const deployment = findOpenDeployment(state, id)
  if ('code' in deployment) return deployment
  if (actor.type !== 'user') {
    return reject('person-required', `only a person can ${action} a deployment, not ${describeActor(actor)}`, {
      action,
      actor: describeActor(actor),
    })
  }
  const { status, plan } = deployment
  if (status !== 'waiting-for-approval' || plan === undefined) {
    return reject('deployment-not-waiting', `deployment ${id} is ${status}: nothing waits for approval`, {
      deployment: id,
      status,
    })
  }
  if (plan.digest === digest) return deployment
  return reject(
    'plan-digest-mismatch',
    `deployment ${id} waits with plan ${plan.digest}, not ${digest}: read it again before you ${action} it`,
    {
      deployment: id,
      expected: plan.digest,
      given: digest,
    },
  )
}
