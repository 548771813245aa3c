import type { Authenticator } from '@infraledger/core/adapter'
import { identityOf } from './identity.ts'
import { issuerKeys } from './issuer-keys.ts'
import { checkOptions } from './options.ts'
import type { OidcOptions } from './options.ts'
import { verifyToken } from './verify-token.ts'

/**
 * Proves who acts by the signed tokens of an OpenID Connect issuer: people, and service accounts as API clients. The issuer's keys are read
 * when the first token comes, and kept. Throws `credential-invalid` (with a `reason`) or `authenticator-unavailable`, never with the token in
 * it; `input-invalid` for options that do not fit.
 *
 * @example
 * const authenticator = oidcAuthenticator({ issuer: 'https://login.example.com/', audience: 'infraledger' })
 * const ledger = openLedger({ store, authenticator })
 * const actor = await ledger.authenticate(token)
 */
export function oidcAuthenticator(options: OidcOptions): Authenticator {
  const checked = checkOptions(options)
  const keyFor = issuerKeys(checked)
  return {
    async authenticate(token) {
      return identityOf(await verifyToken(token, keyFor, checked), checked)
    },
  }
}
