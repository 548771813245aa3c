import { createHash, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { hmacFingerprinter } from '@infraledger/core/adapter'
import type { Fingerprinter } from '@infraledger/core/adapter'
import { CommandError } from './command-error.ts'

/** Holds the key where it must not lie on the disk. */
export const KEY_VARIABLE = 'INFRALEDGER_FINGERPRINT_KEY'
const KEY_BYTES = 32
const SHORTEST_KEY_BYTES = 16

/** A fingerprinter; `keep` puts a key that was made just now into its file, and answers with that file. */
export type FingerprintKey = { readonly fingerprint: Fingerprinter; readonly keep: () => Promise<string | undefined> }

/**
 * The key with which secrets are fingerprinted, so that two imports can be compared without keeping a secret: from the environment
 * variable, else from a file beside the ledger, which is made with the first import and which only its owner may read.
 */
export async function fingerprintKey(
  ledger: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<FingerprintKey> {
  const given = env[KEY_VARIABLE]
  if (given !== undefined && given !== '') return { fingerprint: fingerprinterOf(givenKey(given)), keep: nothingToKeep }
  const file = `${ledger}.key`
  const known = await readKeyFile(file)
  if (known !== undefined) return { fingerprint: fingerprinterOf(known), keep: nothingToKeep }
  const made = randomBytes(KEY_BYTES)
  return { fingerprint: fingerprinterOf(made), keep: () => writeKeyFile(file, made) }
}

const nothingToKeep = (): Promise<undefined> => Promise.resolve(undefined)

function fingerprinterOf(key: Uint8Array): Fingerprinter {
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 8)
  return hmacFingerprinter({ keyId, key })
}

function givenKey(text: string): Uint8Array {
  const key = Buffer.from(text, 'utf8')
  if (key.byteLength >= SHORTEST_KEY_BYTES) return key
  const message = `${KEY_VARIABLE} has ${key.byteLength} bytes; give it at least ${SHORTEST_KEY_BYTES} random ones, such as of "openssl rand -hex 32"`
  throw new CommandError('key-invalid', message, {
    variable: KEY_VARIABLE,
    bytes: key.byteLength,
    least: SHORTEST_KEY_BYTES,
  })
}

async function readKeyFile(file: string): Promise<Uint8Array | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new CommandError(
      'key-invalid',
      `the fingerprint key ${basename(file)} cannot be read; check its permissions`,
      { file },
    )
  }
  const key = Buffer.from(text.trim(), 'hex')
  if (key.byteLength === KEY_BYTES) return key
  const message = `${basename(file)} is not a fingerprint key (${KEY_BYTES} bytes in hexadecimal); restore it, or move it away to begin with another one`
  throw new CommandError('key-invalid', message, { file })
}

async function writeKeyFile(file: string, key: Uint8Array): Promise<string> {
  try {
    await writeFile(file, `${Buffer.from(key).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
    return file
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    const problem = isThere
      ? 'was made by another import at the same moment; import again'
      : `cannot be made; check the permissions of its folder, or set ${KEY_VARIABLE}`
    throw new CommandError('key-invalid', `the fingerprint key ${basename(file)} ${problem}`, { file })
  }
}
