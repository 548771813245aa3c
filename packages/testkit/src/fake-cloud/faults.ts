import type { FaultBook, FaultMatch, InjectedFault } from './fault-book.ts'
import type { CrashPoint } from './simulated-crash.ts'

/** How long a fault lasts. */
export type FaultDuration = {
  /** How many calls it meets before it is over. */ readonly times?: number
  readonly reason?: string
}

/**
 * Has calls go wrong. Faults are the test's, not the cloud's: they are not saved with it.
 *
 * @example
 * cloud.faults.retryable({ operation: 'create', kind: 'sql-instance' }, 2)
 * cloud.faults.crash({ operation: 'update', nth: 3 }, 'between-call-and-answer')
 */
export interface FakeFaults {
  /** Every such call throws `cloud-refused`, until the fault is lifted. */
  refuse(match: FaultMatch, options?: FaultDuration): InjectedFault
  /** The next `times` calls (default 1) throw `cloud-retryable`. */
  retryable(
    match: FaultMatch,
    times?: number,
    options?: { readonly retryAfterMs?: number; readonly reason?: string },
  ): InjectedFault
  /** The next such call throws `cloud-outcome-unknown`, its answer lost; the call itself happened, unless `happened: false`. */
  unknownOutcome(match: FaultMatch, options?: { readonly happened?: boolean }): InjectedFault
  /** The calling process dies at this point of the next such call: it throws a `SimulatedCrash`. */
  crash(match: FaultMatch, point: CrashPoint): InjectedFault
  /** The next such operation is accepted and comes to nothing halfway; a creation leaves a resource that is `failed`. */
  failMidway(match: FaultMatch): InjectedFault
  /** Reads name such resources as failed, until the fault is lifted; with a kind and no name, the listing of the kind fails. */
  unreadable(match: FaultMatch, options?: FaultDuration): InjectedFault
  /** Takes all faults back. */
  clear(): void
}

/** The faults of a book, as a test sets them. */
export function fakeFaults(book: FaultBook): FakeFaults {
  return {
    refuse: (match, options = {}) =>
      book.set({ type: 'refuse', reason: options.reason ?? 'an injected refusal' }, match, options.times ?? Infinity),
    retryable(match, times = 1, options = {}) {
      const { reason = 'an injected, passing failure', retryAfterMs } = options
      return book.set(
        { type: 'retryable', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
        match,
        times,
      )
    },
    unknownOutcome: (match, options = {}) =>
      book.set({ type: 'unknown-outcome', happened: options.happened ?? true }, match, 1),
    crash: (match, point) => book.set({ type: 'crash', point }, match, 1),
    failMidway: (match) => book.set({ type: 'fail-midway' }, match, 1),
    unreadable: (match, options = {}) =>
      book.set(
        { type: 'unreadable', reason: options.reason ?? 'an injected read failure' },
        match,
        options.times ?? Infinity,
      ),
    clear: () => book.clear(),
  }
}
