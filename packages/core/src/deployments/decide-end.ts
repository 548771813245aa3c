import type { CommandContext, Decision } from '../environment/decision.ts'
import { accepted, rejected } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { destructionOutcome } from '../protection/destruction-outcome.ts'
import type { DeploymentCommandOf } from './commands.ts'
import { findOpenDeployment, findRunning } from './find.ts'
import { PHASES } from './phases.ts'
import type { Deployment } from './deployment.ts'

/** Longest reason that is recorded; what a refusal lists may be longer. */
const REASON_CHARACTERS = 4_096

/** A deployment succeeds when its three phases are complete. */
export function decideSuccess(
  state: EnvironmentState,
  command: DeploymentCommandOf<'finish-deployment'>,
  _context: CommandContext,
): Decision {
  const found = findRunning(state, command.deployment)
  if ('code' in found) return { type: 'rejected', rejection: found }
  const open = PHASES.find((phase) => !found.completedPhases.includes(phase))
  if (open !== undefined) {
    return rejected('deployment-not-active', `deployment ${found.id} has not completed its ${open} phase`, {
      deployment: found.id,
      status: found.status,
    })
  }
  if (found.destroys === true) return accepted(destructionOutcome(state, found))
  return accepted([{ type: 'DeploymentSucceeded', data: { deployment: found.id, graphVersion: state.graph.version } }])
}

/** A failed deployment keeps what it provisioned; the next one goes on from there (DEPLOY 8). Its requests stay pending (CHANGE 5). */
export function decideFailure(
  state: EnvironmentState,
  command: DeploymentCommandOf<'fail-deployment'>,
  _context: CommandContext,
): Decision {
  const found = findOpenDeployment(state, command.deployment)
  if ('code' in found) return { type: 'rejected', rejection: found }
  const open = openStep(found)
  if (open !== undefined) return { type: 'rejected', rejection: open }
  const { deployment, phase, step } = command
  const where = { ...(phase === undefined ? {} : { phase }), ...(step === undefined ? {} : { step }) }
  const reason = command.reason.slice(0, REASON_CHARACTERS)
  return accepted([{ type: 'DeploymentFailed', data: { deployment, ...where, reason } }])
}

/** Nothing ends a deployment while a call of it is under way: its outcome could not be recorded any more. */
export function openStep({ id, status, plan }: Deployment): Rejection | undefined {
  const open = [...(plan?.steps.values() ?? [])].find((step) => step.status === 'started')
  if (open === undefined) return undefined
  const message = `step ${open.step.id} of deployment ${id} has no outcome yet; end it when it has`
  return reject('deployment-in-progress', message, { deployment: id, status })
}

/**
 * Cancels between steps. While a provider's answer is open the wish is recorded: no step begins any
 * more, and the executor ends the deployment when those under way have come to their end.
 */
export function decideCancellation(
  state: EnvironmentState,
  command: DeploymentCommandOf<'cancel-deployment'>,
  _context: CommandContext,
): Decision {
  const found = findOpenDeployment(state, command.deployment)
  if ('code' in found) return { type: 'rejected', rejection: found }
  const { cancellation } = found
  const reason = cancellation?.reason ?? command.reason
  const data = { deployment: found.id, reason }
  if (openStep(found) === undefined) return accepted([{ type: 'DeploymentCancelled', data }])
  return accepted(cancellation === undefined ? [{ type: 'CancellationRequested', data }] : [])
}
