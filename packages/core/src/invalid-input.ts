import type { z } from 'zod'
import { reject } from './ledger-error.ts'
import type { Rejection } from './ledger-error.ts'

const ISSUES_NAMED = 10

/** The refusal of input that does not fit its schema: what it was, where it does not fit, and how. */
export function invalidInput(what: string, error: z.ZodError): Rejection {
  const issues = error.issues
    .slice(0, ISSUES_NAMED)
    .map(({ path, message }) => ({ path: path.map(String).join('.') || '(all of it)', problem: message }))
  return reject(
    'input-invalid',
    `${what} is not valid: ${issues.map(({ path, problem }) => `${path}: ${problem}`).join('; ')}`,
    { what, issues },
  )
}
