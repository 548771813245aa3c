import { LedgerError } from '@infraledger/core/adapter'
import type { Authenticator, Identity } from '@infraledger/core/adapter'

/** Who each credential of a test belongs to. What is left out: a user, of the issuer `https://issuer.test`, for ever. */
export type FakeIdentities = Readonly<Record<string, Partial<Identity> & Pick<Identity, 'id'>>>

/**
 * An authenticator that knows the credentials it is given, and refuses all others with `credential-invalid`.
 *
 * @example
 * const ledger = openLedger({ store, authenticator: fakeAuthenticator({ 'token-of-ada': { id: 'ada' } }) })
 * const ada = await ledger.authenticate('token-of-ada')
 */
export function fakeAuthenticator(identities: FakeIdentities): Authenticator {
  return {
    authenticate(credential) {
      const known = Object.hasOwn(identities, credential) ? identities[credential] : undefined
      if (known === undefined) {
        const problem = 'nobody has this credential'
        return Promise.reject(new LedgerError('credential-invalid', problem, { reason: 'signature', problem }))
      }
      return Promise.resolve({
        type: 'user',
        issuer: 'https://issuer.test',
        expiresAt: '9999-12-31T23:59:59.000Z',
        ...known,
      })
    },
  }
}
