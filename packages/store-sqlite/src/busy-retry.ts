import { setTimeout as sleep } from 'node:timers/promises'
import { isBusy } from './sqlite-errors.ts'

/**
 * A writer that commits in a row leaves the lock free for a small part of the time only, so the pauses stay short and
 * random: a few dozen tries find the gap where a few long pauses would not.
 */
const MAX_PAUSE_MS = 10

/** Waits before try number `tries` (from 1), leaving the event loop to others. */
export async function pause(tries: number): Promise<void> {
  await sleep(1 + Math.random() * Math.min(2 ** tries, MAX_PAUSE_MS))
}

/** Runs `call` until it is not refused as busy, for at most `timeoutMs`; then its error is thrown. */
export async function retryWhileBusy<T>(call: () => T, timeoutMs: number): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (let tries = 1; ; tries++) {
    try {
      return call()
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error
    }
    await pause(tries)
  }
}
