import { parseJsonText } from '@infraledger/core/adapter'
import { STATE_LIMITS } from '../limits.ts'
import { invalidState, stateName } from './state-error.ts'

/** A number of 16 digits or more outside of a string: it may not fit into a double. */
const LONG_INTEGER = /[\s:,[]-?\d{16,}\s*[,}\]]/

/**
 * Parses the text of a state. Integers that a double cannot hold exactly become their digits as text, for a ledger must not round.
 *
 * @throws LedgerError `input-invalid` with line and column for a syntax error, and for a text that is too large
 */
export function parseStateText(text: string, name: string): unknown {
  const bytes = Buffer.byteLength(text)
  if (bytes > STATE_LIMITS.textBytes) {
    const problem = `${bytes} bytes, more than ${STATE_LIMITS.textBytes}`
    throw invalidState(
      name,
      [{ path: 'the text', problem }],
      'Split the state (terraform state mv) and import the parts',
    )
  }
  return parseExactJson(text, stateName(name))
}

/** Parses JSON; integers that a double cannot hold exactly become their digits as text. `what` is what it is called in refusals. */
export function parseExactJson(text: string, what: string): unknown {
  const parsed = parseJsonText(text, what)
  return LONG_INTEGER.test(text) ? JSON.parse(text, exactInteger) : parsed
}

function exactInteger(_key: string, value: unknown, ...context: readonly { readonly source?: string }[]): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context[0]?.source
  return source !== undefined && /^-?\d+$/.test(source) ? source : value
}
