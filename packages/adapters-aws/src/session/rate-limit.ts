import type { Clock } from '@infraledger/core/adapter'

/** Lets calls through at a pace. */
export interface RateLimit {
  /** Resolves when it is the caller's turn, or at once when the signal aborts. */
  turn(signal?: AbortSignal): Promise<void>
}

/**
 * So many calls in a second on average, a second's worth of them at once after a pause. Turns are given in the order of asking.
 * The SDK's adaptive retries slow down after AWS has throttled an account; this keeps us from taking the whole budget in the first place,
 * for it is shared with everybody in the account.
 */
export function rateLimit(callsPerSecond: number, clock: Clock): RateLimit {
  const spacing = 1_000 / callsPerSecond
  let next = Number.NEGATIVE_INFINITY
  return {
    async turn(signal) {
      const now = clock.now().getTime()
      // What was not used is good for a second.
      const at = Math.max(next, now - 1_000 + spacing)
      next = at + spacing
      if (at > now) await clock.sleep(Math.ceil(at - now), signal)
    },
  }
}
