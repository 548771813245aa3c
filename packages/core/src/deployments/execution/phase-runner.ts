import { isLedgerError } from '../../ledger-error.ts'
import { isOvertaken, isStoreError } from './executor-errors.ts'
import { heldDeployment, heldStep } from './executor-ports.ts'
import type { HeldDeployment } from './executor-ports.ts'
import type { Moved } from './moved.ts'
import type { Phase } from '../phases.ts'
import { hasEnded } from '../deployment.ts'
import type { StepState } from '../deployment.ts'
import { isStepDone, stepQueue } from './step-queue.ts'
import { runStep } from './step-runner.ts'

/** How a phase came to its end, as far as its steps tell: done, a step failed, or the world has moved before one. */
export type PhaseEnd =
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly step: StepState }
  | ({ readonly type: 'moved'; readonly step: string } & Moved)

/** What became of the steps that have run. */
type Course = {
  failed: StepState | undefined
  moved: PhaseEnd | undefined
  error: unknown
}

/**
 * Runs the steps of a phase, independent ones at once, each after what it needs and else in the plan's order. After a failure, or when the
 * world has moved, those under way come to their end and no more begin; in cleanup the others still run after a failure. Throws what
 * a step threw once none is under way any more; what would keep the others from being recorded ends them, too.
 */
export async function runPhase(outer: HeldDeployment, phase: Phase): Promise<PhaseEnd> {
  const broken = new AbortController()
  const held = { ...outer, signal: AbortSignal.any([outer.signal, broken.signal]) }
  const queue = stepQueue(heldDeployment(held)?.plan?.steps ?? new Map<string, StepState>(), phase)
  const course: Course = { failed: undefined, moved: undefined, error: undefined }
  const running = new Map<string, Promise<void>>()
  for (;;) {
    const goesOn = mayGoOn(held, course, phase)
    while (!isOver(held) && running.size < held.concurrency) {
      const step = queue.take((id) => goesOn || heldStep(held, id)?.status === 'started')
      if (step === undefined) break
      const run = runOne(held, course, step, broken).finally(() => {
        running.delete(step)
        const state = heldStep(held, step)
        if (state !== undefined && isStepDone(state)) queue.release(step)
      })
      running.set(step, run)
    }
    if (running.size === 0) break
    await Promise.race(running.values())
  }
  if (course.error !== undefined) throw course.error
  if (course.failed !== undefined && phase !== 'cleanup') return { type: 'failed', step: course.failed }
  return course.moved ?? { type: 'done' }
}

async function runOne(held: HeldDeployment, course: Course, step: string, broken: AbortController): Promise<void> {
  try {
    const moved = await runStep(held, step)
    if (moved !== undefined) course.moved ??= { type: 'moved', step, ...moved }
    const state = heldStep(held, step)
    if (state?.status === 'failed') course.failed ??= state
  } catch (error) {
    course.error ??= error
    // A rule that refused this step says nothing about the others.
    if (!isLedgerError(error) || isStoreError(error) || isOvertaken(error)) broken.abort(error)
  }
}

function isOver(held: HeldDeployment): boolean {
  const deployment = heldDeployment(held)
  return held.signal.aborted || deployment === undefined || hasEnded(deployment)
}

/**
 * Whether steps still begin: not once it is to be cancelled, nor after a failure outside of cleanup. What another executor began comes to
 * its end in any case: nothing else tells what became of its call, and no deployment ends or is planned anew before that is known.
 */
function mayGoOn(held: HeldDeployment, { failed, moved, error }: Course, phase: Phase): boolean {
  if (heldDeployment(held)?.cancellation !== undefined) return false
  if (moved !== undefined || error !== undefined) return false
  return failed === undefined || phase === 'cleanup'
}
