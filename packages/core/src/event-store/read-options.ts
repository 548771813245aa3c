import { LedgerError } from '../ledger-error.ts'

/**
 * Checks the bounds of a read, so that `limit: -1` does not mean "all" in one store and "none" in another. Throws
 * `input-invalid` for anything but whole numbers from 0, and for a position that is no bigint of 63 bits.
 */
export function checkReadOptions(options: {
  readonly from?: number
  readonly after?: bigint
  readonly limit?: number
}): void {
  const { from, after, limit } = options
  for (const [path, value] of Object.entries({ from, limit })) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) continue
    throw refused(path, `is ${value}, not a whole number from 0`)
  }
  if (after !== undefined && !isPosition(after)) {
    throw refused('after', `is ${String(after)} (${typeof after}), not a bigint from 0n to 2^63 - 1`)
  }
}

/** The largest integer that SQL and EventStoreDB hold in 64 bits with a sign. */
const LARGEST_POSITION = 2n ** 63n - 1n

function isPosition(value: unknown): boolean {
  return typeof value === 'bigint' && value >= 0n && value <= LARGEST_POSITION
}

function refused(path: string, problem: string): LedgerError<'input-invalid'> {
  return new LedgerError('input-invalid', `The read is not valid: ${path} ${problem}. Leave it out for no bound.`, {
    what: 'read',
    issues: [{ path, problem }],
  })
}
