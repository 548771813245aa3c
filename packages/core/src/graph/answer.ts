import type { Rejection } from '../ledger-error.ts'

/**
 * What a question about history answers. `not-loaded`: the state came from a snapshot and does not reach back that far; load the whole
 * history and ask again.
 */
export type Answer<Value> =
  | { readonly type: 'answered'; readonly value: Value }
  | { readonly type: 'rejected'; readonly rejection: Rejection }
  | { readonly type: 'not-loaded' }

/** An answer that needs no more history. */
export function answered<Value>(value: Value): Answer<Value> {
  return { type: 'answered', value }
}
