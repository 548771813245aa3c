import { setTimeout as sleep } from 'node:timers/promises'
import { isPassing } from './postgres-errors.ts'

/** A server that restarts is away for a second or two: pauses grow to this, so that it is found again quickly. */
const MAX_PAUSE_MS = 250

/** Waits before try number `tries` (from 1), a little differently each time so that several do not meet again. */
async function pause(tries: number): Promise<void> {
  await sleep(1 + Math.random() * Math.min(2 ** (tries + 3), MAX_PAUSE_MS))
}

/** Runs `attempt` until it does not fail with what passes by itself, for at most `timeoutMs`; then its error is thrown. */
export async function retryThroughOutages<T>(
  attempt: (remainingMs: number) => Promise<T>,
  timeoutMs: number,
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  let remainingMs = timeoutMs
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(remainingMs)
    } catch (error) {
      if (!isPassing(error) || performance.now() >= deadline) throw error
    }
    await pause(tries)
    remainingMs = Math.max(1, Math.round(deadline - performance.now()))
  }
}
