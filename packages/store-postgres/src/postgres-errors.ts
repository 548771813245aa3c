import { isLedgerError, LedgerError } from '@infraledger/core/adapter'

/**
 * The error codes that mean something to a caller, with PostgreSQL's own names
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
const SQLSTATE = {
  readOnlyTransaction: '25006',
  uniqueViolation: '23505',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  insufficientPrivilege: '42501',
  undefinedTable: '42P01',
  undefinedFunction: '42883',
  duplicateTable: '42P07',
  duplicateObject: '42710',
  duplicateFunction: '42723',
  invalidSchemaName: '3F000',
  diskFull: '53100',
  tooManyConnections: '53300',
  lockNotAvailable: '55P03',
  queryCanceled: '57014',
} as const

/** The server's own code of an error, if it was the server that sent it. */
function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Whether the server, or the way to it, is gone: 08 (connection), 57P (shut down, crashed, starting), or no answer. */
function isLost(error: unknown): boolean {
  const state = sqlState(error)
  if (state !== undefined) return state.startsWith('08') || state.startsWith('57P')
  return error instanceof Error && !isLedgerError(error) && !isDefect(error) && !isTlsProblem(error)
}

/** An error of our own making, not one of the connection. */
function isDefect(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
}

/** Node's codes for certificates (https://nodejs.org/api/tls.html#x509-certificate-error-codes), and what pg says. */
function isTlsProblem(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : ''
  return /CERT|SIGNATURE|^ERR_TLS|^ERR_SSL|CRL/.test(code) || /SSL connection/.test(error.message)
}

/** Whether the same statement may succeed a moment later by itself: the server is away or full, or writers raced. */
export function isPassing(error: unknown): boolean {
  const state = sqlState(error)
  const races: readonly (string | undefined)[] = [SQLSTATE.serializationFailure, SQLSTATE.deadlockDetected]
  return isLost(error) || state === SQLSTATE.tooManyConnections || races.includes(state)
}

/**
 * Whether a statement that failed with this error may have been carried out. An ordinary error undid it; when the
 * session ended, or never answered, the commit may have come first.
 */
export function mayHaveHappened(error: unknown): boolean {
  return isLost(error) || sqlState(error)?.startsWith('XX') === true
}

/** Whether the connection is of no more use. A server that turned out to be a standby is not asked again either. */
export function breaksConnection(error: unknown): boolean {
  return isLost(error) || sqlState(error) === SQLSTATE.readOnlyTransaction
}

/** Whether a row was refused because one like it is there. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlState(error) === SQLSTATE.uniqueViolation
}

/** Whether something that a statement names is not there. */
export function isMissing(error: unknown): boolean {
  const missing: readonly (string | undefined)[] = [
    SQLSTATE.undefinedTable,
    SQLSTATE.undefinedFunction,
    SQLSTATE.invalidSchemaName,
  ]
  return missing.includes(sqlState(error))
}

/** Whether something has the name already that was to be made. */
export function isNameTaken(error: unknown): boolean {
  const taken: readonly (string | undefined)[] = [
    SQLSTATE.duplicateTable,
    SQLSTATE.duplicateObject,
    SQLSTATE.duplicateFunction,
  ]
  return taken.includes(sqlState(error))
}

/**
 * Translates what `pg` threw. `appended` says whether an append under way may have been written all the same. Errors of
 * the library pass, and so do defects.
 */
export function storeError(error: unknown, store: string, appended: 'no' | 'unknown' = 'no'): unknown {
  if (isLedgerError(error) || isDefect(error) || !(error instanceof Error)) return error
  const state = sqlState(error)
  const reason = reasonOf(error)
  if (state === SQLSTATE.diskFull && appended === 'no') {
    const message = `The disk of ${store} is full (${reason}); nothing was written. Make room and repeat the append.`
    return new LedgerError('store-full', message, { store, appended: 'no' }, { retryable: true, cause: error })
  }
  if (state === SQLSTATE.uniqueViolation) return damaged(store, reason, error)
  if (isMissing(error)) return damaged(store, `${reason}, although it was there before`, error)
  const outcome = appended === 'no' ? 'nothing was written' : 'whether the append was written is unknown'
  const message = `${store} cannot be used: ${reason}; ${outcome}. ${advice(error, state)}`
  return new LedgerError(
    'store-unavailable',
    message,
    { store, appended },
    { retryable: isWorthRetrying(error), cause: error },
  )
}

/** The answer to a store whose tables are not as we made them. */
export function damaged(store: string, problem: string, cause?: unknown): LedgerError<'store-damaged'> {
  const message = `The tables of ${store} are damaged: ${problem}. Something has changed them: restore them from a backup.`
  return new LedgerError('store-damaged', message, { store, problem }, { cause })
}

/** Several addresses that were all refused come as one error without words. */
function reasonOf(error: Error): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(String).join(', ')
  return error.message
}

function isWorthRetrying(error: unknown): boolean {
  const state = sqlState(error)
  const worth: readonly (string | undefined)[] = [
    SQLSTATE.lockNotAvailable,
    SQLSTATE.queryCanceled,
    SQLSTATE.readOnlyTransaction,
    SQLSTATE.diskFull,
  ]
  return isPassing(error) || worth.includes(state) || state?.startsWith('53') === true
}

function advice(error: Error, state: string | undefined): string {
  if (isTlsProblem(error))
    return 'The server must prove who it is: name its certificate authority with sslrootcert, or see docs/guides/postgresql.md.'
  switch (state) {
    case SQLSTATE.lockNotAvailable:
      return 'Another transaction has held the store for longer than busyTimeoutMs: repeat the call, or find that transaction.'
    case SQLSTATE.readOnlyTransaction:
      return 'This server takes no writes (a standby, or read-only): connect to the primary, and repeat the call.'
    case SQLSTATE.insufficientPrivilege:
      return 'This role may not: let the owner of the tables call grantWriter or grantReader for it.'
    case SQLSTATE.queryCanceled:
      return 'A timeout of the server or an administrator ended the statement: repeat the call.'
    default:
      return state === undefined || isWorthRetrying(error)
        ? 'Repeat the call: events that were written already are not written twice.'
        : 'Check the connection string, and what this role may do.'
  }
}
