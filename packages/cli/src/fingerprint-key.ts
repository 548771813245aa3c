import { createHash, randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { hmacFingerprinter } from '@infraledger/core/adapter'
import type { Fingerprinter } from '@infraledger/core/adapter'
import { CommandError } from './command-error.ts'

/** Holds the key where it must not lie on the disk. */
export const KEY_VARIABLE = 'INFRALEDGER_FINGERPRINT_KEY'
const KEY_BYTES = 32
const SHORTEST_KEY_BYTES = 16

/** A fingerprinter; `keep` puts a key that was made just now into its file. */
export type FingerprintKey = { readonly fingerprint: Fingerprinter; readonly keep: () => Promise<KeptKey> }

/** The key that is in force, and the file that was made for it: another import may have made its own at the same moment. */
type KeptKey = { readonly fingerprint: Fingerprinter; readonly made?: string }

/**
 * The key with which secrets are fingerprinted, so that two imports can be compared without keeping a secret: from the environment
 * variable, else from a file beside the ledger's, which is made with the first import and which only its owner may read. A ledger on a server
 * (`undefined`) has no such place.
 */
export async function fingerprintKey(
  ledger: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<FingerprintKey> {
  const given = env[KEY_VARIABLE]
  if (given !== undefined && given !== '') return known(givenKey(given))
  if (ledger === undefined) throw nowhere()
  const file = `${ledger}.key`
  const there = await readKeyFile(file)
  if (there !== undefined) return known(there)
  const key = randomBytes(KEY_BYTES)
  const fingerprint = fingerprinterOf(key)
  return {
    fingerprint,
    keep: async () => ((await writeKeyFile(file, key)) ? { fingerprint, made: file } : othersKey(file)),
  }
}

function known(key: Uint8Array): FingerprintKey {
  const fingerprint = fingerprinterOf(key)
  return { fingerprint, keep: () => Promise.resolve({ fingerprint }) }
}

async function othersKey(file: string): Promise<KeptKey> {
  const key = await readKeyFile(file)
  if (key === undefined) throw notMade(file)
  return { fingerprint: fingerprinterOf(key) }
}

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

/** Whether it was made: whole at once, for a file with half a key would look like a broken one. Not where there is one already. */
async function writeKeyFile(file: string, key: Uint8Array): Promise<boolean> {
  const draft = `${file}.${process.pid}`
  try {
    await writeFile(draft, `${Buffer.from(key).toString('hex')}\n`, { mode: 0o600 })
    await link(draft, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw notMade(file)
  } finally {
    await rm(draft, { force: true })
  }
}

function nowhere(): CommandError {
  const message = `a ledger on a server has no file beside it for the fingerprint key: set ${KEY_VARIABLE}, for example to what "openssl rand -hex 32" prints, and keep it`
  return new CommandError('key-invalid', message, { variable: KEY_VARIABLE })
}

function notMade(file: string): CommandError {
  const message = `the fingerprint key ${basename(file)} cannot be made; check the permissions of its folder, or set ${KEY_VARIABLE}`
  return new CommandError('key-invalid', message, { file })
}
