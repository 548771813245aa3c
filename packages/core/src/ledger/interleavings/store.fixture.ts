import type { EventStore } from '../../event-store/event-store.ts'
import { LedgerError } from '../../ledger-error.ts'

/** How an append goes wrong: it is written and its answer lost, or lost itself with nobody knowing, or the store says no. */
export type StoreFault = 'written-unheard' | 'lost-unheard' | 'down'

/** A store that fails when it is told to. */
export type FlakyStore = EventStore & {
  /** Has the nth append from now on go wrong. */
  failNext(fault: StoreFault, nth: number): void
  repair(): void
  /** How many appends went wrong. */
  readonly failures: number
}

/** A store of which single appends go wrong; `failed` hears of those that wrote nothing. */
export function flakyStore(store: EventStore, failed: () => void): FlakyStore {
  let failures = 0
  let faults: { readonly fault: StoreFault; left: number }[] = []
  const meet = (): StoreFault | undefined => {
    for (const planned of faults) planned.left -= 1
    const met = faults.find(({ left }) => left <= 0)
    faults = faults.filter(({ left }) => left > 0)
    return met?.fault
  }
  return {
    ...store,
    async append(stream, events, expected) {
      const fault = meet()
      const result =
        fault === undefined || fault === 'written-unheard' ? await store.append(stream, events, expected) : undefined
      if (fault === undefined && result !== undefined) return result
      failures += 1
      if (fault !== 'written-unheard') failed()
      const appended = fault === 'down' ? 'no' : 'unknown'
      throw new LedgerError(
        'store-unavailable',
        `an injected failure: ${fault}`,
        { store: store.name, appended },
        { retryable: true },
      )
    },
    failNext: (fault, nth) => void faults.push({ fault, left: nth }),
    repair() {
      faults = []
    },
    get failures() {
      return failures
    },
  }
}
