import type { Claim } from '../claim.ts'

/** Times that a taker looks for a sign of life within a lease. */
const LOOKS_PER_LEASE = 3

/** What to do about a claim: go ahead, look again after a while, or take it over from a holder whose last sign is named. */
export type LeaseVerdict =
  | { readonly type: 'free' }
  | { readonly type: 'held'; readonly lookAgainMs: number }
  | { readonly type: 'run-out'; readonly sign: number }

/** How long one executor has seen no sign of another one. */
export interface LeaseWatch {
  /** Looks at the claim, after having slept for so long since the last look. */
  look(claim: Claim | undefined, sleptMs: number): LeaseVerdict
}

/**
 * Times the leases of others (DEPLOY 9) from when their last sign was seen here, by what was slept through since: a clock that is set
 * forwards or back moves no lease, and a machine that was suspended counts the sleep that it woke from and no more.
 */
export function leaseWatch(executor: string): LeaseWatch {
  let seen: { readonly deployment: string; readonly sign: number } | undefined
  let quietMs = 0
  return {
    look(claim, sleptMs) {
      if (claim === undefined || claim.executor === executor) {
        seen = undefined
        return { type: 'free' }
      }
      const { deployment, sign, leaseMs } = claim
      const isSame = seen?.deployment === deployment && seen.sign === sign
      quietMs = isSame ? quietMs + sleptMs : 0
      seen = { deployment, sign }
      // Fractions of a millisecond add up.
      return quietMs + 1 >= leaseMs
        ? { type: 'run-out', sign }
        : { type: 'held', lookAgainMs: leaseMs / LOOKS_PER_LEASE }
    },
  }
}
