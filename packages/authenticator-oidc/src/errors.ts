import { LedgerError } from '@infraledger/core/adapter'
import type { ErrorDetails } from '@infraledger/core/adapter'
import type { z } from 'zod'

/** Why a credential proves nothing. */
export type Reason = ErrorDetails['credential-invalid']['reason']

/** The refusal of a token. What it says is left out: whatever is in it may be anybody's, or a secret. */
export function invalidToken(reason: Reason, problem: string): LedgerError<'credential-invalid'> {
  return new LedgerError('credential-invalid', `the token proves nothing: ${problem}`, { reason, problem })
}

/** The issuer cannot be asked, or answers nothing that can be used. */
export function unavailable(issuer: string, problem: string): LedgerError<'authenticator-unavailable'> {
  const message = `the keys of ${issuer} could not be read: ${problem}`
  return new LedgerError('authenticator-unavailable', message, { issuer, problem }, { retryable: true })
}

/** The refusal of options that do not fit. */
export function invalidOptions(error: z.ZodError): LedgerError<'input-invalid'> {
  const what = 'the options of oidcAuthenticator'
  const issues = error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), problem: message }))
  const told = issues.map(({ path, problem }) => `${path}: ${problem}`).join('; ')
  return new LedgerError('input-invalid', `${what} are not valid: ${told}`, { what, issues })
}
