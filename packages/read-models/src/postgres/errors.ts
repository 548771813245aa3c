import { isLedgerError, LedgerError } from '@infraledger/core/adapter'

/** Classes of SQLSTATE that tell of the moment, not of the call: connections, resources, conflicts of transactions, shutdowns, locks. */
const PASSING = ['08', '53', '40', '57', '55']
/** Classes that tell of what this role may do, or of what is not there. */
const STANDING = ['28', '3D', '3F', '0L', '42501']

/** The SQLSTATE of an error of the server, or the system's code of one of the connection. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Translates what `pg` threw. Errors of the library pass, and so does what is a defect. Connection strings are in none of them. */
export function postgresError(error: unknown, readModels: string): unknown {
  if (isLedgerError(error)) return error
  const code = codeOf(error)
  const reason = error instanceof Error ? error.message : String(error)
  const isConnection = code === undefined ? /connection|timeout/i.test(reason) : /^E[A-Z]+$/.test(code)
  const isPassing = isConnection || PASSING.some((start) => code?.startsWith(start) === true)
  if (!isPassing && !STANDING.some((start) => code?.startsWith(start) === true)) return error
  const advice = isPassing ? 'Repeat the call.' : 'Check the name of the database, the role and its rights.'
  const message = `${readModels} cannot be used: ${reason}${code === undefined ? '' : ` (${code})`}. ${advice}`
  return new LedgerError('read-models-unavailable', message, { readModels }, { retryable: isPassing, cause: error })
}

/** What is there is not ours to write into. */
export function foreign(readModels: string, problem: string): LedgerError<'read-models-foreign'> {
  const message = `${readModels} cannot hold read models: ${problem}. Name another schema or database; nothing was changed.`
  return new LedgerError('read-models-foreign', message, { readModels, problem })
}
