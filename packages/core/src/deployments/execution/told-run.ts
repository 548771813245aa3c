import { kindOf } from '../../graph/ids.ts'
import { inSpan } from '../../telemetry/in-span.ts'
import type { Ending } from '../../telemetry/in-span.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import type { Deployment, StepState } from '../deployment.ts'

/** What telling of a run needs: where to, and of which environment. */
export type RunTelling = { readonly telemetry: Telemetry; readonly environment: string }

/**
 * Tells of one turn of a deployment: a trace of its own, because it may go on for hours and in any process, linked to the trace in which it
 * was triggered. A deployment that waits for approval has a turn before and one after it.
 */
export async function tellTurn(
  telling: RunTelling | undefined,
  deployment: () => Deployment | undefined,
  run: () => Promise<void>,
): Promise<void> {
  const open = deployment()
  if (telling === undefined || open === undefined) return run()
  const { telemetry, environment } = telling
  const attributes = {
    'infraledger.environment': environment,
    'infraledger.deployment.id': open.id,
    'infraledger.trigger': open.trigger.type,
    'infraledger.correlation_id': open.correlationId,
  }
  const links = open.trace === undefined ? [] : [open.trace]
  await inSpan(telemetry, { name: 'deployment', attributes, links, root: true }, async (span) => {
    try {
      await run()
    } finally {
      span.set({ 'infraledger.deployment.status': deployment()?.status ?? open.status })
    }
  })
}

/** Tells of one step, with all its attempts: what its provider calls are the children of. */
export async function tellStep<Result>(
  telling: RunTelling | undefined,
  deployment: string,
  step: () => StepState | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  const planned = step()
  if (telling === undefined || planned === undefined) return run()
  const { telemetry, environment } = telling
  const { id, node, operation, phase } = planned.step
  const measured = {
    'infraledger.environment': environment,
    'infraledger.step.operation': operation,
    'infraledger.deployment.phase': phase,
    'infraledger.node.kind': kindOf(node),
  }
  const attributes = {
    ...measured,
    'infraledger.deployment.id': deployment,
    'infraledger.step.id': id,
    'infraledger.node.id': node,
  }
  const told = { name: `step ${operation}`, attributes, measured, duration: 'infraledger.step.duration' as const }
  return inSpan(
    telemetry,
    told,
    async (span) => {
      try {
        return await run()
      } finally {
        span.set({ 'infraledger.step.attempts': step()?.attempts ?? 0 })
      }
    },
    () => endingOf(step()),
  )
}

/** How a step stands when nothing was thrown: one that is still open was stopped, or is somebody else's now. */
function endingOf(step: StepState | undefined): Ending {
  if (step?.status === 'failed' && step.error !== undefined) {
    const { code, outcome } = step.error
    return { outcome, failure: { errorType: code, isError: true } }
  }
  if (step?.status === 'succeeded') return { outcome: 'done' }
  return { outcome: step?.status === 'deferred' ? 'deferred' : 'aborted' }
}
