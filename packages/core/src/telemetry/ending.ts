import { isLedgerError } from '../ledger-error.ts'
import type { SpanFailure } from './telemetry.ts'

/**
 * How a piece of work ended, in one word: `unchanged` had nothing to do, `deferred` was put off by the provider, `refused` and `retryable`
 * did nothing, `unknown` may have, `failed` is a store or a defect.
 */
export type Outcome =
  | 'done'
  | 'unchanged'
  | 'deferred'
  | 'refused'
  | 'retryable'
  | 'unknown'
  | 'conflict'
  | 'aborted'
  | 'failed'

/** Kinds of errors that are told by their name; any other is `_OTHER`, because a name may be anything. */
const NAMED: ReadonlySet<string> = new Set(['AbortError', 'TimeoutError', 'TypeError', 'RangeError', 'SyntaxError'])
const CODE = /^[a-z][a-z-]{0,63}$/

/** What an error is called in telemetry: its code or its kind, never its message. */
export function errorType(error: unknown): string {
  if (isLedgerError(error)) return CODE.test(error.code) ? error.code : '_OTHER'
  return error instanceof Error && NAMED.has(error.name) ? error.name : '_OTHER'
}

/** The outcome that an error means. */
export function outcomeOf(error: unknown): Outcome {
  if (!isLedgerError(error)) return error instanceof Error && error.name === 'AbortError' ? 'aborted' : 'failed'
  if (error.code === 'cloud-retryable') return 'retryable'
  if (error.code === 'cloud-outcome-unknown') return 'unknown'
  if (error.code === 'append-conflict') return 'conflict'
  return error.code.startsWith('store-') || error.code.startsWith('ledger-') ? 'failed' : 'refused'
}

/** How a span ends with an error. Refusals, and the wish to stop, are answers. */
export function failureOf(error: unknown): SpanFailure {
  const outcome = outcomeOf(error)
  return { errorType: errorType(error), isError: outcome !== 'refused' && outcome !== 'aborted' }
}
