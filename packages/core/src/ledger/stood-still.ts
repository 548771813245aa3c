import { isLedgerError, LedgerError } from '../ledger-error.ts'

/** What ends an executor, with what it means for the deployments where it is the ledger that could not be reached (DEPLOY 10). */
export function stoodStill(error: unknown, environment: string): unknown {
  if (!isLedgerError(error) || !error.code.startsWith('store-')) return error
  return new LedgerError(
    error.code,
    `${error.message}; without its ledger no provider is called for ${environment}: run deployments again when the store is back, and they go on where they stand`,
    error.details,
    { retryable: error.retryable, cause: error },
  )
}
