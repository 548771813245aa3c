import type { EventStore } from '../event-store/event-store.ts'
import { LedgerError } from '../ledger-error.ts'

/** A store that fails as told. */
export function failing(
  store: EventStore,
): EventStore & { fail(error: LedgerError | undefined, times?: number): void } {
  let failure: LedgerError | undefined
  let left = 0
  return {
    ...store,
    fail(error, times = Infinity) {
      failure = error
      left = times
    },
    async append(...args) {
      if (failure !== undefined && left-- > 0) throw failure
      return store.append(...args)
    },
  }
}

/** A file that another process has locked. */
export const busy = (): LedgerError =>
  new LedgerError('store-unavailable', 'the file is busy', { store: 'memory', appended: 'no' }, { retryable: true })
/** A disk without room. */
export const full = (): LedgerError =>
  new LedgerError('store-full', 'the disk is full', { store: 'memory', appended: 'no' })
