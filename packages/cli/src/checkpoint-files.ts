import { isLedgerError, LedgerError, parseCheckpoint } from '@infraledger/core'
import type { Checkpoint } from '@infraledger/core'
import { inputName, readInput } from './input-files.ts'
import { readJsonFile } from './json-file.ts'
import type { Session } from './session.ts'

/** Reads a checkpoint from a file. Throws `file-unreadable`, and `input-invalid` naming the file. */
export async function readCheckpoint(path: string, { io }: Session): Promise<Checkpoint> {
  const input = await readJsonFile(path, io)
  try {
    return parseCheckpoint(input)
  } catch (error) {
    if (!isLedgerError(error, 'input-invalid')) throw error
    throw new LedgerError('input-invalid', `${inputName(path)}: ${error.message}`, error.details)
  }
}

/** Reads public keys (PEM) from a file, which may hold several; undefined where none is named. Throws `file-unreadable`. */
export async function readKeys(path: string | undefined, { io }: Session): Promise<readonly string[] | undefined> {
  return path === undefined ? undefined : [await readInput(path, io)]
}
