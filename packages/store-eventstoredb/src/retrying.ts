import { setTimeout as sleep } from 'node:timers/promises'
import { isTransient, storeError } from './eventstoredb-errors.ts'

/** How long calls are tried again, and the store's name for their errors. */
export type RetryPolicy = { readonly store: string; readonly timeoutMs: number }

/** The pauses between the attempts of one call. */
export type Pauses = {
  /** Waits before the next attempt; throws the translated error when there is none, for it is refused or too late. */
  after(error: unknown, appended?: 'no' | 'unknown'): Promise<void>
}

const FIRST_PAUSE_MS = 10
const LONGEST_PAUSE_MS = 1_000

/**
 * Begins the attempts of one call: pauses double from 10 ms to 1 s, with jitter, until the policy's time is over; the
 * signal ends a pause.
 */
export function pauses({ store, timeoutMs }: RetryPolicy, signal?: AbortSignal): Pauses {
  const deadline = performance.now() + timeoutMs
  let pause = FIRST_PAUSE_MS
  return {
    async after(error, appended = 'no') {
      if (!isTransient(error) || performance.now() + pause > deadline) throw storeError(error, store, appended)
      const length = pause * (0.5 + Math.random() / 2)
      await sleep(length, undefined, signal === undefined ? {} : { signal }).catch(() => {})
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS)
    },
  }
}

/** Runs a call that changes nothing until it succeeds, is refused, or the policy's time is over. */
export async function retried<T>(policy: RetryPolicy, work: () => Promise<T>): Promise<T> {
  const waiting = pauses(policy)
  for (;;) {
    try {
      return await work()
    } catch (error) {
      await waiting.after(error)
    }
  }
}
