import { errors, jwtVerify } from 'jose'
import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import { isLedgerError } from '@infraledger/core/adapter'
import type { LedgerError } from '@infraledger/core/adapter'
import { invalidToken } from './errors.ts'
import { OIDC_LIMITS } from './options.ts'
import type { CheckedOptions } from './options.ts'

/** The claims of a token, once signature, algorithm, issuer, audience and times were found right. Throws `credential-invalid`. */
export async function verifyToken(
  token: string,
  keyFor: JWTVerifyGetKey,
  options: CheckedOptions,
): Promise<JWTPayload> {
  if (Buffer.byteLength(token) > OIDC_LIMITS.tokenBytes)
    throw invalidToken('too-large', `it is larger than ${OIDC_LIMITS.tokenBytes} bytes`)
  try {
    const { payload } = await jwtVerify(token, keyFor, {
      issuer: options.issuer,
      audience: options.audience,
      algorithms: [...options.algorithms],
      clockTolerance: options.clockToleranceSeconds,
      currentDate: options.now(),
      requiredClaims: ['exp'],
    })
    return payload
  } catch (error) {
    throw isLedgerError(error) ? error : refusal(error)
  }
}

/** What jose found, in the ledger's words; its own may quote the token. */
function refusal(error: unknown): LedgerError<'credential-invalid'> {
  if (error instanceof errors.JWTExpired) return invalidToken('expired', 'it has expired')
  if (error instanceof errors.JWTClaimValidationFailed) return wrongClaim(error.claim)
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return invalidToken('algorithm', 'it is signed in a way that is not accepted')
  if (error instanceof errors.JWKSNoMatchingKey)
    return invalidToken('key', 'the issuer has no key by which it is signed')
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return invalidToken('key', 'it does not name its key, and several fit')
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return invalidToken('signature', 'its signature is not the issuer’s')
  return invalidToken('malformed', 'it is no signed JSON web token')
}

function wrongClaim(claim: string): LedgerError<'credential-invalid'> {
  switch (claim) {
    case 'iss':
      return invalidToken('issuer', 'it is of another issuer')
    case 'aud':
      return invalidToken('audience', 'it is meant for another audience')
    case 'nbf':
      return invalidToken('not-yet-valid', 'it is not valid yet')
    case 'exp':
      return invalidToken('claims', 'it does not say when it expires')
    default:
      return invalidToken('claims', 'one of its claims is not right')
  }
}
