import { LedgerError } from '../ledger-error.ts'

/**
 * Checks the numbers of a read, so that `limit: -1` does not mean "all" in one store and "none" in another. Throws
 * `input-invalid` for anything but whole numbers from 0.
 */
export function checkReadOptions(options: {
  readonly from?: number
  readonly after?: number
  readonly limit?: number
}): void {
  const { from, after, limit } = options
  for (const [path, value] of Object.entries({ from, after, limit })) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) continue
    const problem = `is ${value}, not a whole number from 0`
    throw new LedgerError('input-invalid', `The read is not valid: ${path} ${problem}. Leave it out for no bound.`, {
      what: 'read',
      issues: [{ path, problem }],
    })
  }
}
