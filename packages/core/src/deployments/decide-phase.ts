import type { CommandContext, Decision } from '../environment/decision.ts'
import { accepted, rejected } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { missingApprovals } from './approval.ts'
import type { DeploymentCommandOf } from './commands.ts'
import { decidePlan, requestedApprovals } from './decide-plan.ts'
import { findOpenDeployment, findRunning } from './find.ts'
import { inputsMovedSince } from './moved-inputs.ts'
import { PHASES } from './phases.ts'
import type { Phase } from './phases.ts'
import type { Deployment, Plan } from './deployment.ts'

/**
 * Starts a phase: only once the plan is approved, and after the phase before it is complete (DEPLOY 3, 4). A plan of which an input has
 * moved since it was recorded does not begin; it is made again, and may wait for approval then (DEPLOY 5).
 */
export function decidePhaseStart(
  state: EnvironmentState,
  command: DeploymentCommandOf<'start-phase'>,
  context: CommandContext,
): Decision {
  const { deployment: id, phase } = command
  const found = findOpenDeployment(state, id)
  if ('code' in found) return { type: 'rejected', rejection: found }
  if (found.plan === undefined || !isApproved(found, context.now)) {
    return rejected(
      'deployment-not-active',
      `deployment ${id} is ${found.status}: it cannot start its ${phase} phase`,
      { deployment: id, status: found.status },
    )
  }
  if (found.phase === phase || found.completedPhases.includes(phase)) return accepted([])
  const before = PHASES[PHASES.indexOf(phase) - 1]
  if (before !== undefined && !found.completedPhases.includes(before)) {
    return rejected(
      'deployment-not-active',
      `the ${phase} phase of deployment ${id} comes after ${before}, which is not complete`,
      {
        deployment: id,
        status: found.status,
      },
    )
  }
  const instead = found.status === 'planned' ? beforeFirstPhase(state, command, found, found.plan, context) : undefined
  return instead ?? accepted([{ type: 'PhaseStarted', data: { deployment: id, phase } }])
}

/** What happens to a plan that waits for nobody, instead of its beginning: it is made again, or asks for approval after all. */
function beforeFirstPhase(
  state: EnvironmentState,
  command: DeploymentCommandOf<'start-phase'>,
  found: Deployment,
  { digest, steps }: Plan,
  context: CommandContext,
): Decision | undefined {
  if (inputsMovedSince(state, found, context.actor).length > 0)
    return decidePlan(state, { ...command, type: 'plan-deployment' }, context)
  // That it waits is recorded behind the plan; whoever recorded that may have died in between.
  const asked = requestedApprovals(state, found, { digest, steps: [...steps.values()].map(({ step }) => step) })
  return asked.length === 0 ? undefined : accepted(asked)
}

/** Completes a phase: all its steps must have an outcome, and outside cleanup a good one. */
export function decidePhaseCompletion(
  state: EnvironmentState,
  command: DeploymentCommandOf<'complete-phase'>,
  _context: CommandContext,
): Decision {
  const { deployment: id, phase } = command
  const found = findRunning(state, id)
  if ('code' in found) return { type: 'rejected', rejection: found }
  if (found.completedPhases.includes(phase)) return accepted([])
  if (!isPhaseDone(found, phase)) {
    return rejected(
      'deployment-not-active',
      `the ${phase} phase of deployment ${id} still has steps without an outcome`,
      { deployment: id, status: found.status },
    )
  }
  return accepted([{ type: 'PhaseCompleted', data: { deployment: id, phase } }])
}

/** Whether nothing stands between the plan and its execution at a moment; approvals that are too old then count no more. */
export function isApproved(deployment: Deployment, now?: string): boolean {
  const { status, isVoid } = deployment
  if (status === 'planned' || status === 'running') return true
  return status === 'waiting-for-approval' && !isVoid && missingApprovals(deployment, now).length === 0
}

function isPhaseDone(deployment: Deployment, phase: Phase): boolean {
  const good = phase === 'cleanup' ? ['succeeded', 'deferred', 'failed', 'planned'] : ['succeeded', 'deferred']
  return [...(deployment.plan?.steps.values() ?? [])].every(
    ({ step, status }) => step.phase !== phase || good.includes(status),
  )
}
