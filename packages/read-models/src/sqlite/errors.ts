import { isLedgerError, LedgerError } from '@infraledger/core/adapter'

/** SQLite's primary result codes that mean something to a caller. */
const SQLITE = { busy: 5, locked: 6, full: 13, notADatabase: 26, corrupt: 11 } as const

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode & 0xff
}

/** Whether another connection holds the lock that was needed: the same call may succeed a moment later. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error)
  return code === SQLITE.busy || code === SQLITE.locked
}

/** Translates what `node:sqlite` threw. Errors of the library pass, and so does what is neither: a defect. */
export function sqliteError(error: unknown, readModels: string): unknown {
  if (isLedgerError(error)) return error
  const code = resultCode(error)
  if (code === undefined) return error
  const reason = error instanceof Error ? error.message : String(error)
  if (code === SQLITE.notADatabase || code === SQLITE.corrupt)
    return foreign(readModels, `it is no whole SQLite database (${reason})`)
  const retryable = isBusy(error) || code === SQLITE.full
  const advice = isBusy(error)
    ? 'Another process has held it for too long: repeat the call.'
    : 'Check the disk and the path.'
  const message = `${readModels} cannot be used: ${reason}; nothing was written. ${advice}`
  return new LedgerError('read-models-unavailable', message, { readModels }, { retryable, cause: error })
}

/** What is there is not ours to write into. */
export function foreign(readModels: string, problem: string): LedgerError<'read-models-foreign'> {
  const message = `${readModels} cannot hold read models: ${problem}. Name another place; nothing was changed.`
  return new LedgerError('read-models-foreign', message, { readModels, problem })
}
