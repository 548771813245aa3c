import { isLedgerError, LedgerError, storeClosed } from '@infraledger/core/adapter'

/** SQLite's primary result codes that mean something to a caller. */
const SQLITE = {
  error: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  full: 13,
  cannotOpen: 14,
  protocol: 15,
} as const

/**
 * What the file's content, not its surroundings, must answer for: a schema that is not there, corruption, broken
 * constraints, no database.
 */
const DAMAGED: readonly number[] = [SQLITE.error, 11, 19, 20, 26]

/** SQLite's primary result code of an error thrown by `node:sqlite`, which carries the extended one. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode & 0xff
}

/** Whether another connection holds the lock that was needed: the same call may succeed a moment later. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error)
  // Protocol: a race for the locks of the write-ahead log, lost too often in a row (https://sqlite.org/rescode.html).
  return code === SQLITE.busy || code === SQLITE.locked || code === SQLITE.protocol
}

/** Whether a statement does not fit the schema. */
export function isSqlError(error: unknown): boolean {
  return resultCode(error) === SQLITE.error
}

/** Whether the disk, or the size that the file may have, is used up. */
export function isFull(error: unknown): boolean {
  return resultCode(error) === SQLITE.full
}

/**
 * Translates what `node:sqlite` or the file system threw. `appended` says whether an append under way may have been
 * written all the same: `unknown` only when its COMMIT itself failed. Errors of the library pass, and so does what is
 * neither: a defect, not a state of the store.
 */
export function storeError(error: unknown, store: string, appended: 'no' | 'unknown' = 'no'): unknown {
  if (isLedgerError(error)) return error
  if (error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE') return storeClosed(store)
  if (error instanceof Error && 'syscall' in error && 'code' in error)
    return outOfReach(error, String(error.code), store)
  if (error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE')
    return damaged(error, 'it holds a number that no ledger writes', store)
  const code = resultCode(error)
  if (code === undefined) return error
  const reason = error instanceof Error ? error.message : String(error)
  if (code === SQLITE.full) {
    const message = `The disk of ${store} is full (${reason}); nothing was written. Make room and repeat the append.`
    return new LedgerError('store-full', message, { store, appended: 'no' }, { retryable: true, cause: error })
  }
  if (DAMAGED.includes(code)) return damaged(error, reason, store)
  const outcome = appended === 'no' ? 'nothing was written' : 'whether the append was written is unknown'
  const message = `${store} cannot be used: ${reason}; ${outcome}. ${advice(code)}`
  const retryable = code !== SQLITE.readOnly && code !== SQLITE.cannotOpen
  return new LedgerError('store-unavailable', message, { store, appended }, { retryable, cause: error })
}

function damaged(cause: unknown, problem: string, store: string): LedgerError<'store-damaged'> {
  const message = `The file of ${store} is damaged (${problem}). Keep a copy, and restore it from a backup.`
  return new LedgerError('store-damaged', message, { store, problem }, { cause })
}

/** The file system's own errors carry the path in their message, so only their code is passed on. */
function outOfReach(error: Error, code: string, store: string): LedgerError<'store-unavailable'> {
  const message = `${store} cannot be read (${code}). Check the path, and the permissions of the file and its folder.`
  return new LedgerError('store-unavailable', message, { store, appended: 'no' }, { cause: error })
}

function advice(code: number): string {
  switch (code) {
    case SQLITE.busy:
    case SQLITE.locked:
    case SQLITE.protocol:
      return 'Another process has held it for longer than busyTimeoutMs: repeat the call, or find that process.'
    case SQLITE.readOnly:
    case SQLITE.cannotOpen:
      return 'Check that the file and its folder are there, and that this process may write to them.'
    case SQLITE.ioError:
      return 'Check the disk; then repeat the call: events that were written already are not written twice.'
    default:
      return 'Repeat the call: events that were written already are not written twice.'
  }
}
