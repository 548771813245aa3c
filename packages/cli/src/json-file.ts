import { parseJsonText } from '@infraledger/core/adapter'
import { inputName, readInput } from './input-files.ts'
import type { Io } from './io.ts'

/** Reads a JSON file, or standard input, whole; what is in it is for the library to check. Throws `file-unreadable`, `input-invalid`. */
export async function readJsonFile(path: string, io: Io): Promise<unknown> {
  return parseJsonText(await readInput(path, io), inputName(path))
}
