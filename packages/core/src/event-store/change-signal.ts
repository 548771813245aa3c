/**
 * Wakes those who wait for news of a store. Whoever looks takes `count()` first, looks, and then waits for a change
 * since that count: so news that came between looking and waiting is never slept through.
 */
export type ChangeSignal = {
  /** How often there was news. */
  readonly count: () => number
  /** There is news: wakes everyone who waits. */
  readonly raise: () => void
  /** Resolves when there was news since `count`, when `signal` aborts, or when the signal is closed. */
  readonly since: (count: number, signal: AbortSignal) => Promise<void>
  /** There will be no more news: wakes everyone who waits, for good. Idempotent. */
  readonly close: () => void
  readonly closed: () => boolean
}

/** Makes the signal through which a store wakes its subscriptions. */
export function changeSignal(): ChangeSignal {
  let raised = 0
  let closed = false
  const waiting = new Set<() => void>()
  const wakeAll = (): void => {
    for (const wake of waiting) wake()
  }
  return {
    count: () => raised,
    raise() {
      raised += 1
      wakeAll()
    },
    since: (count, signal) =>
      new Promise((resolve) => {
        if (raised !== count || closed || signal.aborted) {
          resolve()
          return
        }
        const wake = (): void => {
          waiting.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        waiting.add(wake)
        signal.addEventListener('abort', wake)
      }),
    close() {
      closed = true
      wakeAll()
    },
    closed: () => closed,
  }
}
