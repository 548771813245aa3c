import { createLocalJWKSet, errors } from 'jose'
import type { JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { unavailable } from './errors.ts'
import { OIDC_LIMITS } from './options.ts'
import type { CheckedOptions } from './options.ts'
import { readDocument } from './read-document.ts'

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.string().max(2_048) })
const keySetSchema = z.object({
  keys: z.array(z.looseObject({ kty: z.string() })).max(OIDC_LIMITS.keys),
})

type KeySet = { readonly keyFor: JWTVerifyGetKey; readonly readAt: number }

/**
 * Finds the key that a token names among the issuer's: kept for a while, read again when they are old, or, at most once in a while, when a
 * token names one that is not there, for issuers change their keys. Whoever asks while they are being read waits for the same answer.
 */
export function issuerKeys(options: CheckedOptions): JWTVerifyGetKey {
  let known: KeySet | undefined
  let reading: Promise<KeySet> | undefined

  function read(): Promise<KeySet> {
    reading ??= readKeys(options).then(
      (keySet) => {
        known = keySet
        reading = undefined
        return keySet
      },
      (error: unknown) => {
        reading = undefined
        throw error
      },
    )
    return reading
  }

  return async (header, token) => {
    const now = options.now().getTime()
    const kept = known !== undefined && now - known.readAt < options.keysMaxAgeMs ? known : undefined
    const keySet = kept ?? (await read())
    try {
      return await keySet.keyFor(header, token)
    } catch (error) {
      const isNew = error instanceof errors.JWKSNoMatchingKey
      if (!isNew || kept === undefined || now - kept.readAt < options.keysCooldownMs) throw error
      return (await read()).keyFor(header, token)
    }
  }
}

async function readKeys(options: CheckedOptions): Promise<KeySet> {
  const { issuer } = options
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const discovery = discoverySchema.safeParse(await readDocument(url, options))
  if (!discovery.success) throw unavailable(issuer, 'its discovery document has no `issuer` or no `jwks_uri`')
  if (discovery.data.issuer !== issuer) throw unavailable(issuer, 'its discovery document is of another issuer')
  if (!isSafe(discovery.data.jwks_uri, issuer)) throw unavailable(issuer, 'its `jwks_uri` is no https URL')
  const keySet = keySetSchema.safeParse(await readDocument(discovery.data.jwks_uri, options))
  if (!keySet.success) throw unavailable(issuer, 'its key set is not one, or has too many keys')
  // A symmetric key in a public document is no secret: whoever reads it could sign with it.
  const keys = keySet.data.keys.filter(({ kty }) => kty !== 'oct')
  return { keyFor: createLocalJWKSet({ keys }), readAt: options.now().getTime() }
}

/** https, or http where the issuer itself is on this machine. */
function isSafe(url: string, issuer: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return (
    protocol === 'https:' ||
    (protocol === 'http:' && new URL(issuer).hostname === hostname && issuer.startsWith('http:'))
  )
}
