import type { Phase } from '../phases.ts'
import type { StepState } from '../deployment.ts'

/** The steps of a phase that have not begun, in the plan's order. */
export interface StepQueue {
  /** The first step whose needs are done and that is meant, taken out; undefined where there is none. */
  take(isMeant: (step: string) => boolean): string | undefined
  /** A step is done: what waited for nothing else may be taken. */
  release(step: string): void
}

/** Whether a step has the outcome that others wait for. */
export function isStepDone({ status }: Pick<StepState, 'status'>): boolean {
  return status === 'succeeded' || status === 'deferred'
}

/** Queues the steps of a phase that are not done yet; taking and releasing all of them costs what the plan's order is, not its square. */
export function stepQueue(plan: ReadonlyMap<string, StepState>, phase: Phase): StepQueue {
  const steps = [...plan.values()].filter((state) => state.step.phase === phase && !isStepDone(state))
  const released = new Set<string>()
  const missing: number[] = []
  const waitingFor = new Map<string, number[]>()
  const ready: number[] = []
  for (const [place, { step }] of steps.entries()) {
    const needed = new Set(step.after.filter((id) => isOpen(plan.get(id))))
    missing.push(needed.size)
    for (const id of needed) {
      const places = waitingFor.get(id)
      if (places === undefined) waitingFor.set(id, [place])
      else places.push(place)
    }
    if (needed.size === 0) ready.push(place)
  }
  return {
    take(isMeant) {
      const index = ready.findIndex((place) => isMeant(steps[place]?.step.id ?? ''))
      const [place] = index === -1 ? [] : ready.splice(index, 1)
      return place === undefined ? undefined : steps[place]?.step.id
    },
    release(step) {
      if (released.has(step)) return
      released.add(step)
      for (const place of waitingFor.get(step) ?? []) {
        const left = (missing[place] ?? 0) - 1
        missing[place] = left
        if (left === 0) insert(ready, place)
      }
    },
  }
}

/** A step that is not in the plan keeps nobody waiting. */
function isOpen(state: StepState | undefined): boolean {
  return state !== undefined && !isStepDone(state)
}

/** Inserts a place where the order puts it. */
function insert(ready: number[], place: number): void {
  let [low, high] = [0, ready.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ready[middle] ?? Infinity) < place) low = middle + 1
    else high = middle
  }
  ready.splice(low, 0, place)
}
