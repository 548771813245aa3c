import { z } from 'zod'
import type { Clock } from '@infraledger/core/adapter'
import { invalidOptions } from './errors.ts'

/** Named limits of what is taken from outside. */
export const OIDC_LIMITS = {
  tokenBytes: 16 * 1024,
  documentBytes: 512 * 1024,
  subjectCharacters: 200,
  keys: 100,
} as const

/** Signatures that a public key verifies; never `none`, and no HMAC, whose key would be the public one. */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const

export type Algorithm = (typeof ALGORITHMS)[number]

/** What an authenticator is made with. */
export type OidcOptions = {
  /** The issuer's URL, exactly as its tokens say it in `iss`. `http` only for this machine. */
  readonly issuer: string
  /** What tokens must be for: this ledger's own client id or API identifier. */
  readonly audience: string
  /** The claim with the stable, opaque subject id; default `sub`. Not one that people can change, such as an address. */
  readonly subjectClaim?: string
  /** The claim that makes a token a service account's; default `client_id`. See `isClient`. */
  readonly clientClaim?: string
  /**
   * Whether verified claims are a service account's. Default: `gty` is `client-credentials`, or `clientClaim` is there and equals the subject,
   * or there is a `clientClaim` and no subject.
   */
  readonly isClient?: (claims: Readonly<Record<string, unknown>>) => boolean
  /** Signature algorithms to accept; default all that verify with a public key. */
  readonly algorithms?: readonly Algorithm[]
  /** How far clocks may be apart, in seconds; default 30, at most 300. */
  readonly clockToleranceSeconds?: number
  /** How long the issuer's keys are kept, in milliseconds; default 10 minutes. A key that is not among them is looked for at once. */
  readonly keysMaxAgeMs?: number
  /** How long to wait between two looks for an unknown key, in milliseconds; default 30 seconds. */
  readonly keysCooldownMs?: number
  /** How long one request to the issuer may take, in milliseconds; default 5 seconds. */
  readonly timeoutMs?: number
  /** Default: the machine's clock. */
  readonly clock?: Pick<Clock, 'now'>
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
}

const claimName = z.string().min(1).max(256)

const optionsSchema = z.object({
  issuer: z
    .string()
    .max(1_024)
    .refine(isIssuer, 'must be an https URL (http only for this machine), without query or fragment'),
  audience: z.string().min(1).max(1_024),
  subjectClaim: claimName.default('sub'),
  clientClaim: claimName.default('client_id'),
  algorithms: z
    .array(z.enum(ALGORITHMS))
    .min(1)
    .default([...ALGORITHMS]),
  clockToleranceSeconds: z.number().min(0).max(300).default(30),
  keysMaxAgeMs: z.number().min(0).max(86_400_000).default(600_000),
  keysCooldownMs: z.number().min(0).max(3_600_000).default(30_000),
  timeoutMs: z.number().min(1).max(60_000).default(5_000),
})

/** Options with every default. */
export type CheckedOptions = z.output<typeof optionsSchema> & {
  readonly isClient: NonNullable<OidcOptions['isClient']> | undefined
  readonly now: () => Date
  readonly fetch: typeof globalThis.fetch
}

/** Checks options; throws `input-invalid`. */
export function checkOptions(options: OidcOptions): CheckedOptions {
  const parsed = optionsSchema.safeParse(options)
  if (!parsed.success) throw invalidOptions(parsed.error)
  const { clock, isClient, fetch = globalThis.fetch } = options
  return { ...parsed.data, isClient, fetch, now: () => clock?.now() ?? new Date() }
}

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, search, hash, username } = new URL(text)
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
  return (protocol === 'https:' || (protocol === 'http:' && isHere)) && search === '' && hash === '' && username === ''
}
