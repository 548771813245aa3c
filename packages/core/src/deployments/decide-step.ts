import type { CommandContext, Decision } from '../environment/decision.ts'
import { accepted, rejected } from '../environment/decision.ts'
import type { EventData } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { importInProgress } from '../graph/import-frame.ts'
import { isManaged, newestVersion } from '../graph/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { isNotAtProvider } from '../protection/last-copy.ts'
import { removalVerdict } from '../protection/removable.ts'
import type { DeploymentCommandOf } from './commands.ts'
import { findStep } from './find.ts'
import { leftHalfway } from './half-way.ts'
import { outcomeEvents } from './outcome.ts'
import type { Deployment, StepState } from './deployment.ts'

/** The intent, recorded before the provider is called (DEPLOY 7). The key is the step's own, so a repeated call is the same call. */
export function decideStepStart(
  state: EnvironmentState,
  command: DeploymentCommandOf<'start-step'>,
  context: CommandContext,
): Decision {
  const found = findStep(state, command.deployment, command.step)
  if ('code' in found) return { type: 'rejected', rejection: found }
  const { step, status, attempts } = found.step
  if (step.operation === 'record' || status === 'started' || isDone(found.step)) {
    return rejected('deployment-in-progress', `step ${step.id} is ${status}: it is not started again`, {
      deployment: command.deployment,
      status,
    })
  }
  // It is to end when what is under way has ended, so nothing more begins.
  if (found.deployment.cancellation !== undefined) return accepted([])
  const open = step.after.find((id) => !isDone(found.deployment.plan?.steps.get(id)))
  if (open !== undefined) {
    return rejected('deployment-in-progress', `step ${step.id} comes after ${open}, which has not succeeded`, {
      deployment: command.deployment,
      status,
    })
  }
  // What cannot be recorded is not called (DEPLOY 10).
  const { openImport } = state.graph
  if (openImport !== undefined) return { type: 'rejected', rejection: importInProgress(state.graph, openImport) }
  const moved = step.operation === 'remove' ? undefined : movedSince(state, step)
  if (moved !== undefined) return { type: 'rejected', rejection: moved }
  if (step.operation === 'remove') {
    const verdict = removalVerdict(state, step.node, context)
    if (verdict.type === 'kept') {
      return rejected('removal-refused', verdict.because, { node: step.node, reason: verdict.reason })
    }
    // It was to be recorded as gone, without a copy and without a call.
    if (step.ref === undefined && !isNotAtProvider(state, step.node, context)) {
      const because = `${step.node} is there again at the provider`
      return rejected('removal-refused', `${because}: deploy again, and its removal is planned anew`, {
        node: step.node,
        reason: because,
      })
    }
  }
  const intent: EventData<'StepStarted'> = {
    deployment: command.deployment,
    step: step.id,
    attempt: attempts + 1,
    idempotencyKey: idempotencyKeyOf(found.deployment, step.id),
    node: step.node,
    operation: step.operation,
    ...(step.name === undefined ? {} : { name: step.name }),
    ...(step.ref === undefined ? {} : { ref: step.ref }),
    changes: step.changes,
    expected: step.expected,
  }
  return accepted([{ type: 'StepStarted', data: intent }])
}

/** A deployment that went back to planning may have a step of the same name again, which is another call. */
function idempotencyKeyOf({ id, revisions }: Deployment, step: string): string {
  return revisions === 0 ? `${id}/${step}` : `${id}.${revisions}/${step}`
}

/** The outcome, with the version read back, in one append (DEPLOY 7). Told again, it changes nothing. */
export function decideStepOutcome(
  state: EnvironmentState,
  command: DeploymentCommandOf<'finish-step'>,
  context: CommandContext,
): Decision {
  const found = findStep(state, command.deployment, command.step)
  if ('code' in found) return { type: 'rejected', rejection: found }
  if (isDone(found.step)) return accepted([])
  const { step, status } = found.step
  if (status !== 'started' && step.operation !== 'record') {
    return rejected('deployment-not-active', `step ${step.id} has no intent, so it cannot have an outcome`, {
      deployment: command.deployment,
      status,
    })
  }
  const moved = step.operation === 'record' ? movedSince(state, step) : undefined
  if (moved !== undefined) return { type: 'rejected', rejection: moved }
  return accepted(outcomeEvents(state, step, command, context))
}

/** Why a step no longer fits its node: somebody retired it, or imported it, after the plan read it. */
function movedSince(
  { graph }: EnvironmentState,
  { node, nodeVersion, operation }: StepState['step'],
): Rejection | undefined {
  const newest = newestVersion(graph, node)
  if (newest === undefined || newest.version <= nodeVersion) return undefined
  const again = 'deploy again, and it is planned anew'
  if (newest.retired !== undefined) {
    const message = `${node} is no more since graph version ${newest.graphVersion} (${newest.retired}): ${again}`
    return reject('node-retired', message, { node, graphVersion: newest.graphVersion })
  }
  if (operation === 'take-last-copy' || isManaged(graph, node)) return undefined
  return reject('node-observed', `${node} is there meanwhile, and only observed: ${again}`, { node, action: operation })
}

/** A failed attempt: `refused` will not work again, `retryable` may, of `unknown` nothing can be said before observing. */
export function decideStepFailure(
  state: EnvironmentState,
  command: DeploymentCommandOf<'fail-step'>,
  context: CommandContext,
): Decision {
  const found = findStep(state, command.deployment, command.step)
  if ('code' in found) return { type: 'rejected', rejection: found }
  if (isDone(found.step)) return accepted([])
  const { deployment, outcome, code, message, observation } = command
  const { step, attempts } = found.step
  return accepted([
    ...(observation === undefined ? [] : leftHalfway(state, { deployment, step, observation }, context)),
    {
      type: 'StepFailed',
      data: {
        deployment,
        step: step.id,
        node: step.node,
        attempt: Math.max(1, attempts),
        outcome,
        code,
        message: message.slice(0, 4_096),
      },
    },
  ])
}

/** Whether a step has the outcome that it was planned for. */
function isDone(step: StepState | undefined): boolean {
  return step === undefined || step.status === 'succeeded' || step.status === 'deferred'
}
