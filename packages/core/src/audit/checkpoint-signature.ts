import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { LedgerError } from '../ledger-error.ts'
import { checkpointDigest } from './checkpoint.ts'
import type { CheckpointSignature, CheckpointStatement } from './checkpoint.ts'

/** Makes Ed25519 signatures of checkpoints: with a key at hand, or by a key store (a KMS, an HSM) that never gives its key away. */
export interface Signer {
  /** The public key, in PEM (SPKI). */
  readonly publicKey: string
  /** Signs these bytes, as they are (pure Ed25519, RFC 8032; at most 100 of them). Answers with 64 bytes. */
  sign(message: Uint8Array): Promise<Uint8Array> | Uint8Array
}

/** Keys that are taken from one text at most. */
const KEYS_LIMIT = 100

/**
 * A signer with a private key in PEM (PKCS #8), such as `openssl genpkey -algorithm ed25519` makes. Throws `input-invalid` for what is no
 * such key; the message never holds it.
 */
export function ed25519Signer(key: { readonly privateKey: string; readonly passphrase?: string }): Signer {
  const secret = privateKeyOf(key)
  return {
    publicKey: createPublicKey(secret).export({ type: 'spki', format: 'pem' }).toString(),
    sign: (message) => sign(null, message, secret),
  }
}

/** The fingerprint of a public key: `sha256:` and the SHA-256 of its DER form (`openssl pkey -pubin -in public.pem -outform DER | sha256sum`). */
export function keyFingerprint(publicKey: string): string {
  return fingerprintOf(onlyKeyOf(publicKey))
}

/** Signs a statement. Throws `input-invalid` for a signer whose signature its own public key does not accept. */
export async function signStatement(statement: CheckpointStatement, signer: Signer): Promise<CheckpointSignature> {
  const key = onlyKeyOf(signer.publicKey)
  const message = signedMessage(statement)
  const signature = await signer.sign(message)
  if (!isSignature(message, key, signature))
    throw invalidKey('the signer made a signature that its own public key does not accept')
  return { algorithm: 'Ed25519', keyId: fingerprintOf(key), signature: Buffer.from(signature).toString('base64') }
}

/**
 * The fingerprints of those of the keys that signed the statement. Throws `checkpoint-untrusted` where none did. `publicKeys` is PEM text; each may
 * hold several keys, one after the other, as after a change of keys.
 */
export function signedBy(
  {
    checkpoint,
    signatures,
  }: { readonly checkpoint: CheckpointStatement; readonly signatures: readonly CheckpointSignature[] },
  publicKeys: readonly string[],
): readonly string[] {
  const keys = new Map(publicKeys.flatMap(publicKeysOf).map((key) => [fingerprintOf(key), key]))
  const message = signedMessage(checkpoint)
  const accepted: string[] = []
  for (const { keyId, signature } of signatures) {
    const key = keys.get(keyId)
    if (key === undefined) continue
    if (!isSignature(message, key, Buffer.from(signature, 'base64')))
      throw untrusted('signature-wrong', `the signature of ${keyId} does not fit: it was changed since`, signatures)
    accepted.push(keyId)
  }
  if (signatures.length === 0) throw untrusted('unsigned', 'it is not signed', signatures)
  if (accepted.length === 0)
    throw untrusted(
      'key-unknown',
      `it is signed by ${signatures.map(({ keyId }) => keyId).join(', ')}, none of the keys given`,
      signatures,
    )
  return [...new Set(accepted)]
}

/** What is signed: a line that says what it is, so that the signature means nothing elsewhere, and the statement's digest. */
function signedMessage(statement: CheckpointStatement): Buffer {
  return Buffer.from(`infraledger-checkpoint-v1\n${checkpointDigest(statement)}\n`)
}

function isSignature(message: Buffer, key: KeyObject, signature: Uint8Array): boolean {
  return verify(null, message, key, signature)
}

function fingerprintOf(key: KeyObject): string {
  return `sha256:${hash('sha256', key.export({ type: 'spki', format: 'der' }))}`
}

function onlyKeyOf(pem: string): KeyObject {
  const [key, ...more] = publicKeysOf(pem)
  if (key === undefined || more.length > 0) throw invalidKey('a signer has one public key')
  return key
}

const PUBLIC_KEY = /-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]{1,1000}-----END PUBLIC KEY-----/g

function publicKeysOf(pem: string): readonly KeyObject[] {
  if (pem.includes('PRIVATE KEY'))
    throw invalidKey(
      'this is a private key: checking takes the public one, and the private one stays where checkpoints are signed',
    )
  const blocks = pem.match(PUBLIC_KEY) ?? []
  if (blocks.length === 0 || blocks.length > KEYS_LIMIT)
    throw invalidKey(
      `there must be 1 to ${KEYS_LIMIT} public keys in PEM ("-----BEGIN PUBLIC KEY-----"), not ${blocks.length}`,
    )
  return blocks.map((block) => ed25519(() => createPublicKey(block)))
}

function privateKeyOf({
  privateKey,
  passphrase,
}: {
  readonly privateKey: string
  readonly passphrase?: string
}): KeyObject {
  return ed25519(() => createPrivateKey({ key: privateKey, ...(passphrase === undefined ? {} : { passphrase }) }))
}

/** The cause is left out on purpose: it might quote the key. */
function ed25519(read: () => KeyObject): KeyObject {
  let key: KeyObject
  try {
    key = read()
  } catch {
    throw invalidKey('it cannot be read: it is no PEM of a key, or it needs a passphrase')
  }
  if (key.asymmetricKeyType === 'ed25519') return key
  throw invalidKey(`it is a key of ${key.asymmetricKeyType ?? 'an unknown kind'}: checkpoints are signed with Ed25519`)
}

function invalidKey(problem: string): LedgerError<'input-invalid'> {
  const message = `the key cannot be used: ${problem}. "openssl genpkey -algorithm ed25519" makes one.`
  return new LedgerError('input-invalid', message, { what: 'key', issues: [{ path: 'key', problem }] })
}

function untrusted(
  reason: 'unsigned' | 'key-unknown' | 'signature-wrong',
  problem: string,
  signatures: readonly CheckpointSignature[],
): LedgerError<'checkpoint-untrusted'> {
  const message = `the checkpoint cannot be trusted: ${problem}. Get it again from where it is kept, and the public key from who signs.`
  return new LedgerError('checkpoint-untrusted', message, { reason, keys: signatures.map(({ keyId }) => keyId) })
}
