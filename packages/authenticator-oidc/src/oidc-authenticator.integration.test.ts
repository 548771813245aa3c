import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inMemoryEventStore, openLedger } from '@infraledger/core'
import { virtualClock } from '@infraledger/testkit'
import { exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose'
import { localIssuer } from './local-issuer.fixture.ts'
import type { LocalIssuer } from './local-issuer.fixture.ts'
import { oidcAuthenticator } from './oidc-authenticator.ts'
import type { OidcOptions } from './options.ts'

let clock = virtualClock({ start: '2026-03-02T09:00:00Z' })
let issuer: LocalIssuer
beforeAll(async () => {
  issuer = await localIssuer(() => clock.now())
})
beforeEach(() => {
  clock = virtualClock({ start: '2026-03-02T09:00:00Z' })
  issuer.answers.clear()
})
afterAll(() => issuer.close())

const authenticator = (more: Partial<OidcOptions> = {}) =>
  oidcAuthenticator({ issuer: issuer.url, audience: 'infraledger', clock, ...more })
const seconds = (offset: number): number => Math.floor(clock.now().getTime() / 1_000) + offset

/** What a token is refused with; nothing of the refusal may hold a part of the token. */
async function refusal(token: string, more: Partial<OidcOptions> = {}): Promise<unknown> {
  const error: unknown = await authenticator(more)
    .authenticate(token)
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(Error)
  const { message, code, details, cause, retryable } = error as Error & Record<string, unknown>
  const told = JSON.stringify([message, details, String(cause)])
  for (const part of token.split('.')) if (part.length > 8) expect(told).not.toContain(part)
  return { code, retryable, ...(details as object) }
}

describe('a token', () => {
  test('ACCESS 2: of a person proves who they are, to a ledger that records it', async () => {
    const ledger = openLedger({ store: inMemoryEventStore(), clock, authenticator: authenticator() })
    const actor = await ledger.authenticate(await issuer.token({ sub: '8c1f-ada', name: 'Ada Lovelace' }))
    expect(actor).toEqual({ type: 'user', id: '8c1f-ada', assurance: 'authenticated', issuer: issuer.url })
    const prod = await ledger.createEnvironment({ name: 'prod', type: 'production' }, { actor })
    expect(await prod.describe()).toMatchObject({
      policies: { identity: 'authenticated' },
      roles: { '8c1f-ada': ['admin'] },
    })
    await clock.advance(330_000)
    await expect(prod.grantRole({ subject: 'grace', role: 'member' }, { actor })).rejects.toMatchObject({
      code: 'identity-expired',
    })
  })

  test.each([
    ['whose subject is the client (RFC 9068)', { sub: 'ci', client_id: 'ci' }],
    ['of Auth0', { sub: 'ci', gty: 'client-credentials' }],
    ['of Entra', { sub: 'ci', idtyp: 'app' }],
    ['of Keycloak', { sub: 'ci', preferred_username: 'service-account-ci' }],
    ['without a subject', { sub: undefined, client_id: 'ci' }],
  ])('ACCESS 2: of a service account %s is an API client’s', async (_, claims) => {
    expect(await authenticator().authenticate(await issuer.token(claims))).toMatchObject({
      type: 'api-client',
      id: 'ci',
    })
  })

  test('ACCESS 2: says who it is about in the claim that is asked for', async () => {
    const token = await issuer.token({ oid: 'object-1', client_id: 'portal' })
    expect(await authenticator({ subjectClaim: 'oid' }).authenticate(token)).toMatchObject({
      type: 'user',
      id: 'object-1',
    })
    const isClient = (claims: object): boolean => 'oid' in claims
    expect(await authenticator({ isClient }).authenticate(token)).toMatchObject({ type: 'api-client', id: 'ada' })
  })
})

describe('no proof is a token', () => {
  test.each<[string, string, () => Promise<string> | string]>([
    ['of another issuer', 'issuer', () => issuer.token({ iss: 'https://evil.test' })],
    ['for another audience', 'audience', () => issuer.token({ aud: ['billing', 'infraledger-2'] })],
    ['that has expired', 'expired', () => issuer.token({ exp: seconds(-31) })],
    ['that never expires', 'claims', () => issuer.token({ exp: undefined })],
    ['that is not valid yet', 'not-yet-valid', () => issuer.token({ nbf: seconds(31) })],
    ['without a subject', 'claims', () => issuer.token({ sub: undefined })],
    ['with a subject that is no text', 'claims', () => issuer.token({ sub: 7 })],
    ['with a subject without end', 'claims', () => issuer.token({ sub: 'x'.repeat(201) })],
    ['with a subject that cannot be shown', 'claims', () => issuer.token({ sub: 'ada\u202eecarg' })],
    ['that is no token', 'malformed', () => 'ada'],
    ['of three dots', 'malformed', () => 'a.b.c.d'],
    ['of 1 MB', 'too-large', () => issuer.token({ filling: 'x'.repeat(1_000_000) })],
    [
      'by a key of the same name',
      'signature',
      async () => issuer.token({}, { key: (await generateKeyPair('RS256')).privateKey }),
    ],
    ['by a key that nobody has', 'key', () => issuer.token({}, { kid: 'nobody’s' })],
    ['with claims put in later', 'signature', async () => tampered(await issuer.token())],
    [
      'without a signature',
      'algorithm',
      () => new UnsecuredJWT({ iss: issuer.url, aud: 'infraledger', sub: 'ada' }).encode(),
    ],
    ['that says alg none', 'algorithm', async () => withHeader(await issuer.token(), { alg: 'none' })],
    ['by HMAC with the public key', 'algorithm', signedWithPublicKey],
  ])('ACCESS 2: %s', async (_, reason, token) => {
    expect(await refusal(await token())).toMatchObject({ code: 'credential-invalid', reason, retryable: false })
  })

  test('ACCESS 2: within the tolerance of clocks it is one, outside not', async () => {
    for (const claims of [{ exp: seconds(-29) }, { nbf: seconds(29) }])
      expect(await authenticator().authenticate(await issuer.token(claims))).toMatchObject({ id: 'ada' })
    expect(await refusal(await issuer.token({ exp: seconds(-1) }), { clockToleranceSeconds: 0 })).toMatchObject({
      reason: 'expired',
    })
  })

  test('ACCESS 2: of an algorithm that is not accepted', async () => {
    expect(await refusal(await issuer.token(), { algorithms: ['ES256'] })).toMatchObject({ reason: 'algorithm' })
  })
})

describe('the keys of the issuer', () => {
  test('ACCESS 2: are read once, by however many at the same time, and again when they are old', async () => {
    const one = authenticator()
    const before = issuer.keyReads()
    const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.token()))
    await Promise.all(tokens.map((token) => one.authenticate(token)))
    expect(issuer.keyReads() - before).toBe(1)
    await clock.advance(600_001)
    await one.authenticate(await issuer.token())
    expect(issuer.keyReads() - before).toBe(2)
  })

  test('ACCESS 2: may change: a new one is found at once, an old one counts no more, and unknown ones do not flood the issuer', async () => {
    const one = authenticator()
    const old = await issuer.token({ exp: seconds(3_600) })
    await one.authenticate(old)
    await clock.advance(31_000)
    await issuer.rotate('second')
    expect(await one.authenticate(await issuer.token())).toMatchObject({ id: 'ada' })
    await expect(one.authenticate(old)).rejects.toMatchObject({ details: { reason: 'key' } })
    const before = issuer.keyReads()
    for (let index = 0; index < 50; index++)
      await expect(one.authenticate(await issuer.token({}, { kid: `k${index}` }))).rejects.toMatchObject({
        details: { reason: 'key' },
      })
    expect(issuer.keyReads()).toBe(before)
  })

  const discovery = '/.well-known/openid-configuration'
  test.each([
    ['discovery answers 500', discovery, { status: 500 }],
    ['discovery is no JSON', discovery, { body: '<html>' }],
    [
      'discovery is of somebody else',
      discovery,
      { body: '{"issuer":"https://evil.test","jwks_uri":"https://evil.test/keys"}' },
    ],
    ['discovery leads elsewhere', discovery, { status: 302, location: 'https://evil.test' }],
    ['the keys are no keys', '/keys', { body: '{"keys":"none"}' }],
    ['the keys never end', '/keys', { body: `{"keys":[],"x":"${'x'.repeat(600_000)}"}` }],
    ['the keys never come', '/keys', { hangs: true }],
  ])('ACCESS 2: where %s, nobody is authenticated, and it may be tried again', async (_, path, answer) => {
    issuer.answers.set(path, answer)
    const one = authenticator({ timeoutMs: 200 })
    const token = await issuer.token()
    await expect(one.authenticate(token)).rejects.toMatchObject({
      code: 'authenticator-unavailable',
      retryable: true,
      details: { issuer: issuer.url },
    })
    issuer.answers.clear()
    expect(await one.authenticate(token)).toMatchObject({ id: 'ada' })
  })

  test('ACCESS 2: a symmetric key among them signs nothing', async () => {
    issuer.answers.set('/keys', { body: JSON.stringify({ keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 'first' }] }) })
    expect(await refusal(await issuer.token())).toMatchObject({ reason: 'key' })
  })

  test('ACCESS 2: of an issuer that is not there', async () => {
    const gone = await localIssuer(() => clock.now())
    const token = await gone.token()
    await gone.close()
    expect(await refusal(token, { issuer: gone.url })).toMatchObject({
      code: 'authenticator-unavailable',
      retryable: true,
    })
  })
})

test('ACCESS 2: options that do not fit are refused when it is made', () => {
  const wrong: Partial<OidcOptions>[] = [
    { issuer: 'http://login.example.com' },
    { issuer: 'login' },
    { audience: '' },
    { clockToleranceSeconds: 3_600 },
    { algorithms: [] },
    { algorithms: ['HS256'] as unknown as ['RS256'] },
  ]
  for (const more of wrong) expect(() => authenticator(more)).toThrow(/options of oidcAuthenticator are not valid/)
})

/** The same token with more said in it. */
function tampered(token: string): string {
  const [header, payload = '', signature] = token.split('.')
  const claims: object = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return [header, Buffer.from(JSON.stringify({ ...claims, sub: 'eve' })).toString('base64url'), signature].join('.')
}

function withHeader(token: string, header: object): string {
  const [, payload, signature] = token.split('.')
  return [Buffer.from(JSON.stringify(header)).toString('base64url'), payload, signature].join('.')
}

/** The classic confusion: the text of the public key as the secret of an HMAC. */
async function signedWithPublicKey(): Promise<string> {
  const key = await importJWK(issuer.publicKey(), 'RS256', { extractable: true })
  // An RSA key of a JWK is no bytes.
  const secret = new TextEncoder().encode(await exportSPKI(key as Parameters<typeof exportSPKI>[0]))
  const claims = { iss: issuer.url, aud: 'infraledger', sub: 'ada', exp: seconds(300) }
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(secret)
}
