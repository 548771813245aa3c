import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ed25519Signer } from '@infraledger/core'
import type { Signer } from '@infraledger/core'
import { readInput } from './input-files.ts'
import type { Session } from './session.ts'

/** Holds the private key (PEM) where it must not lie on the disk, and the passphrase of one that is encrypted. */
export const SIGNING_VARIABLES = {
  key: 'INFRALEDGER_SIGNING_KEY',
  passphrase: 'INFRALEDGER_SIGNING_PASSPHRASE',
} as const

/** Permissions beyond the owner's. */
const OTHERS = 0o077

/**
 * Who signs: the private key in a file, else in the environment variable, else nobody. Says so on stderr when others may read the file. Throws
 * `file-unreadable`, and `input-invalid` for what is no Ed25519 key, without a word of it.
 */
export async function signerOf(file: string | undefined, session: Session): Promise<Signer | undefined> {
  const { env, cwd } = session.io
  const given = env[SIGNING_VARIABLES.key]
  if (file === undefined && (given === undefined || given === '')) return undefined
  const privateKey = file === undefined ? (given ?? '') : await readInput(file, session.io)
  if (file !== undefined && file !== '-' && (await isOpenToOthers(resolve(cwd, file))))
    await session.note(
      `infraledger: others may read the private key ${file}; "chmod 600 ${file}" keeps it to its owner`,
    )
  const passphrase = env[SIGNING_VARIABLES.passphrase]
  return ed25519Signer({ privateKey, ...(passphrase === undefined ? {} : { passphrase }) })
}

/** Windows keeps permissions elsewhere, and shows none here. */
async function isOpenToOthers(path: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(path)).mode & OTHERS) !== 0
}
