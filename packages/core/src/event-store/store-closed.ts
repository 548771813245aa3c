import { LedgerError } from '../ledger-error.ts'

/** The answer of every store to a call after `close()`. */
export function storeClosed(store: string): LedgerError<'store-closed'> {
  return new LedgerError('store-closed', `The store ${store} is closed. Open it again to go on.`, { store })
}
