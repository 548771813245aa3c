import { LedgerError } from '@infraledger/core/adapter'

/** The refusal of an option of the store. */
export function invalidOption(path: string, problem: string): LedgerError<'input-invalid'> {
  return new LedgerError('input-invalid', `The options of the store are not valid: ${path} ${problem}.`, {
    what: 'options',
    issues: [{ path, problem }],
  })
}

/** The refusal of a connection string, in words that repeat nothing of it: it may hold a password. */
export function invalidConnectionString(problem: string): LedgerError<'input-invalid'> {
  return invalidOption('connectionString', problem)
}
