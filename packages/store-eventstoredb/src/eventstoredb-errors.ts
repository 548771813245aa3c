import { convertToCommandError, ErrorType, isCommandError } from '@eventstore/db-client'
import { isLedgerError, LedgerError } from '@infraledger/core/adapter'

/** gRPC's codes for a call that was broken off or could not be made. */
const GRPC = { unknown: 2, deadlineExceeded: 4, internal: 13, unavailable: 14 } as const

const UNKNOWN: string = ErrorType.UNKNOWN
const TRANSIENT: readonly string[] = [
  ErrorType.UNAVAILABLE,
  ErrorType.CANCELLED,
  ErrorType.TIMEOUT,
  ErrorType.DEADLINE_EXCEEDED,
  ErrorType.NOT_LEADER,
]

/** What the client says when it never reached a server, or when the server refused to take a call. */
const NOT_TAKEN = /No connection established|Failed to discover|Server Is (?:Too Busy|Busy|Not Ready)/

/** The kind of error that the client, or gRPC below it, threw; undefined for what is no error of theirs. */
export function errorType(error: unknown): string | undefined {
  const converted = error instanceof Error ? convertToCommandError(error) : undefined
  return converted !== undefined && isCommandError(converted) ? converted.type : undefined
}

/** Whether the same call may succeed a moment later. */
export function isTransient(error: unknown): boolean {
  const type = errorType(error)
  if (type === undefined) return error instanceof Error && /Failed to discover/.test(error.message)
  if (TRANSIENT.includes(type)) return true
  return type === UNKNOWN && [GRPC.unknown, GRPC.internal].some((code) => code === grpcCode(error))
}

/** Whether a read was refused because no event begins at its position. */
export function isInvalidPosition(error: unknown): boolean {
  return errorType(error) !== undefined && /invalid ?position/i.test(messageOf(error))
}

/** Whether a call that failed like this may have been carried out all the same. */
export function mayHaveHappened(error: unknown): boolean {
  if (errorType(error) === ErrorType.NOT_LEADER) return false
  return isTransient(error) && !NOT_TAKEN.test(messageOf(error))
}

/**
 * Translates what the client threw. `appended` says whether an append under way may have been written all the same.
 * Errors of the library pass, and so does what is neither (a defect, not a state of the store), and a wrong expected
 * version, which its caller must judge.
 */
export function storeError(error: unknown, store: string, appended: 'no' | 'unknown' = 'no'): unknown {
  if (isLedgerError(error)) return error
  const type = errorType(error)
  if (type === undefined && !isTransient(error)) return error
  if (type === ErrorType.WRONG_EXPECTED_VERSION) return error
  const reason = messageOf(error)
  if (type === ErrorType.STREAM_DELETED) {
    const problem = 'a stream of the ledger was deleted'
    const message = `${store} is damaged: ${problem} (${reason}). Restore the ledger into other streams.`
    return new LedgerError('store-damaged', message, { store, problem }, { cause: error })
  }
  const outcome = appended === 'no' ? 'nothing was written' : 'whether the append was written is unknown'
  const message = `${store} cannot be used: ${reason}; ${outcome}. ${advice(type, appended)}`
  const retryable = isTransient(error)
  return new LedgerError('store-unavailable', message, { store, appended }, { retryable, cause: error })
}

function advice(type: string | undefined, appended: 'no' | 'unknown'): string {
  if (type === ErrorType.ACCESS_DENIED)
    return 'Check user and password of the connection string, and that this user may read $all and write our streams.'
  return appended === 'unknown'
    ? 'Repeat the call: events that were written already are not written twice.'
    : 'Check that the server is up and reachable, and that the connection string says tls=true or tls=false as it does.'
}

function grpcCode(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
