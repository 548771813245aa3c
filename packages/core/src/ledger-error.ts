import type { ErrorDetails } from './error-catalogue.ts'

/** Every code that a {@link LedgerError} can carry. Codes are public API: they never change their meaning. */
export type ErrorCode = keyof ErrorDetails

/** A refusal as a value: what a rule answers when it does not accept a command. The handle throws it as {@link LedgerError}. */
export type Rejection<C extends ErrorCode = ErrorCode> = {
  [K in C]: { readonly code: K; readonly message: string; readonly details: ErrorDetails[K] }
}[C]

const MARKER = Symbol.for('infraledger.error')

/**
 * The one error of the library. `code` says what happened, `details` to what (typed by code), `message` adds what to do next,
 * and `retryable` whether the same call may succeed later without any change.
 */
export class LedgerError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'LedgerError'
  readonly code: C
  readonly details: ErrorDetails[C]
  readonly retryable: boolean
  readonly [MARKER] = true

  constructor(
    code: C,
    message: string,
    details: ErrorDetails[C],
    options: { retryable?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = details
    this.retryable = options.retryable ?? false
  }
}

/** Tells whether `error` is a {@link LedgerError}, optionally of one code; holds across two copies of this package. */
export function isLedgerError<C extends ErrorCode = ErrorCode>(error: unknown, code?: C): error is LedgerError<C> {
  if (typeof error !== 'object' || error === null || !(MARKER in error)) return false
  return code === undefined || ('code' in error && error.code === code)
}

/** Builds a refusal value; message and details are checked against the code. */
export function reject<C extends ErrorCode>(code: C, message: string, details: ErrorDetails[C]): Rejection {
  // The union of all refusals cannot be indexed by a generic code; that the three fields fit together is checked by the signature.
  return { code, message, details } as unknown as Rejection
}

/** Turns a refusal value into the error that a caller sees. */
export function rejectionError(rejection: Rejection): LedgerError {
  return new LedgerError(rejection.code, rejection.message, rejection.details)
}
