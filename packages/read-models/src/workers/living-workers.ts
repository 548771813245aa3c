import type { WorkerSign } from '../read-models.ts'

/** Who was seen at a moment: workers that live, and workers that are taken for dead. */
export type SeenWorkers = { readonly living: ReadonlySet<string>; readonly dead: readonly string[] }

/** Tells which workers live: those whose beat changed within the lease, by the clock of who looks. */
export interface LivingWorkers {
  /** Takes in what the registry says at a moment (milliseconds of a monotonic clock). */
  see(signs: readonly WorkerSign[], now: number): SeenWorkers
}

/** Nobody was seen yet. A worker that is seen for the first time may live: it is given a whole lease to show it. */
export function livingWorkers(leaseMs: number): LivingWorkers {
  const seen = new Map<string, { readonly beat: number; readonly since: number }>()
  return {
    see(signs, now) {
      const [living, dead] = [new Set<string>(), [] as string[]]
      for (const { worker, beat } of signs) {
        const known = seen.get(worker)
        if (known?.beat !== beat) seen.set(worker, { beat, since: now })
        if (known?.beat !== beat || now - known.since < leaseMs) living.add(worker)
        else dead.push(worker)
      }
      return { living, dead }
    },
  }
}
