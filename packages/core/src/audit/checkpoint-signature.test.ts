import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { ed25519Signer, keyFingerprint, signedBy, signStatement } from './checkpoint-signature.ts'
import { checkpointDigest } from './checkpoint.ts'
import type { CheckpointStatement } from './checkpoint.ts'

/** The first test key of RFC 8032 (7.1), which everybody knows, in PEM; the public one by `openssl pkey -pubout` (OpenSSL 3.0). */
const OPENSSL_PRIVATE = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`
const OPENSSL_PUBLIC = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
-----END PUBLIC KEY-----
`
/** `openssl pkey -pubin -in public.pem -outform DER | sha256sum`. */
const OPENSSL_FINGERPRINT = '06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9'

const statement: CheckpointStatement = {
  format: 'infraledger-checkpoint',
  version: 1,
  ledger: 'shop',
  createdAt: '2026-03-02T09:00:00.000Z',
  events: 0,
  positions: 'dense',
  last: null,
  root: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  frontier: [],
  streams: 0,
  heads: '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',
  previous: null,
}

test('AUDIT 13 | keys are those of OpenSSL, and so are fingerprints and signatures', async () => {
  const signer = ed25519Signer({ privateKey: OPENSSL_PRIVATE })
  expect(signer.publicKey).toBe(OPENSSL_PUBLIC)
  expect(keyFingerprint(OPENSSL_PUBLIC)).toBe(`sha256:${OPENSSL_FINGERPRINT}`)
  // Ed25519 gives one signature for one text: `openssl pkeyutl -sign -rawin` over the same two lines made this one.
  expect(await signStatement(statement, signer)).toEqual({
    algorithm: 'Ed25519',
    keyId: `sha256:${OPENSSL_FINGERPRINT}`,
    signature: '8J5hqoZWxKTPnSgGlTx1B1RiCHoEjNC2ntjQ7nVOPZOoZBNItnG31tLloHmhSh/28tESS+hr3zLh3WPBdFBzAg==',
  })
  expect(checkpointDigest(statement)).toBe('c849e22837296ac60593939bdebca943fdcd6c2cea36aec6f804b7eba209a4de')
})

test('AUDIT 13 | a signer may sit elsewhere; one that signs with another key than it says is refused', async () => {
  const key = generateKeyPairSync('ed25519')
  const pem = key.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const local = ed25519Signer({ privateKey: OPENSSL_PRIVATE })
  const messages: Uint8Array[] = []
  const remote = {
    publicKey: local.publicKey,
    sign: async (message: Uint8Array) => {
      messages.push(message)
      return local.sign(message)
    },
  }
  const signature = await signStatement(statement, remote)
  expect(signedBy({ checkpoint: statement, signatures: [signature] }, [pem, local.publicKey])).toEqual([
    signature.keyId,
  ])
  expect(messages.map(String)).toEqual([`infraledger-checkpoint-v1\n${checkpointDigest(statement)}\n`])
  await expect(signStatement(statement, { ...remote, publicKey: pem })).rejects.toMatchObject({ code: 'input-invalid' })
})

test('AUDIT 13 | what is no Ed25519 key is refused, without a word of it', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const pem = (key: typeof privateKey): string =>
    key.export({ type: key.type === 'public' ? 'spki' : 'pkcs8', format: 'pem' }).toString()
  const body = pem(privateKey).split('\n')[1] ?? ''
  for (const use of [
    () => ed25519Signer({ privateKey: pem(privateKey) }),
    () => ed25519Signer({ privateKey: `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----` }),
    () => ed25519Signer({ privateKey: '' }),
    () => keyFingerprint(pem(publicKey)),
    () => keyFingerprint(OPENSSL_PRIVATE),
    () => keyFingerprint(''),
    () => keyFingerprint(OPENSSL_PUBLIC.repeat(2)),
    () => keyFingerprint('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'),
  ]) {
    expect(use).toThrow(expect.objectContaining({ code: 'input-invalid', message: expect.not.stringContaining(body) }))
  }
})

test('AUDIT 13 | an encrypted key needs its passphrase', () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const passphrase = 'correct horse'
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString()
  expect(() => ed25519Signer({ privateKey: pem })).toThrow('needs a passphrase')
  expect(() => ed25519Signer({ privateKey: pem, passphrase: 'wrong' })).toThrow('cannot be read')
  const expected = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' })
  expect(ed25519Signer({ privateKey: pem, passphrase }).publicKey).toBe(expected)
})
