import type { Identity } from '@infraledger/core/adapter'
import type { JWTPayload } from 'jose'
import { invalidToken } from './errors.ts'
import { OIDC_LIMITS } from './options.ts'
import type { CheckedOptions } from './options.ts'

/** Who verified claims are about: a person, or a service account as an `api-client`. */
export function identityOf(claims: JWTPayload, options: CheckedOptions): Identity {
  const { issuer, clientClaim, subjectClaim, clockToleranceSeconds } = options
  const isClient = options.isClient?.(claims) ?? looksLikeClient(claims, options)
  const claim = isClient && claims[subjectClaim] === undefined ? clientClaim : subjectClaim
  const expires = new Date(((claims.exp ?? 0) + clockToleranceSeconds) * 1_000)
  if (Number.isNaN(expires.getTime())) throw invalidToken('claims', 'it expires at no possible time')
  return {
    type: isClient ? 'api-client' : 'user',
    id: subject(claims[claim], claim),
    issuer,
    expiresAt: expires.toISOString(),
  }
}

/**
 * Signs of a service account, by issuer: RFC 9068 (section 2.2: the subject is the client), Auth0 (`gty`), Microsoft Entra (`idtyp`) and
 * Keycloak (the user name of a service account).
 */
function looksLikeClient(claims: JWTPayload, { clientClaim, subjectClaim }: CheckedOptions): boolean {
  const [client, id] = [claims[clientClaim], claims[subjectClaim]]
  if (typeof client === 'string' && (id === undefined || id === client)) return true
  if (claims['gty'] === 'client-credentials' || claims['idtyp'] === 'app') return true
  const name = claims['preferred_username']
  return typeof name === 'string' && name.startsWith('service-account-')
}

/** Opaque to the ledger, but bounded, and nothing that could not be shown. */
function subject(value: unknown, claim: string): string {
  if (typeof value !== 'string' || value === '') throw invalidToken('claims', `it has no subject in its claim ${claim}`)
  if (value.length > OIDC_LIMITS.subjectCharacters)
    throw invalidToken('claims', `its subject is longer than ${OIDC_LIMITS.subjectCharacters} characters`)
  if (!value.isWellFormed() || /[\p{Cc}\p{Cf}\p{Z}]/u.test(value))
    throw invalidToken('claims', 'its subject holds characters that cannot be shown')
  return value
}
