import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CommandError } from './command-error.ts'
import type { Io } from './io.ts'

/** A file that was named on the command line. */
export type InputFile = {
  /** As it was named; `-` is standard input. */
  readonly path: string
  readonly text: string
  /** SHA-256 of the text, lower-case hex. */
  readonly digest: string
}

/** Reads all files before anything is done with the first, so that a mistyped name leaves nothing behind. */
export async function readInputFiles(paths: readonly string[], io: Io): Promise<readonly InputFile[]> {
  const files: InputFile[] = []
  for (const path of paths) {
    const text = await readInput(path, io)
    files.push({ path, text, digest: createHash('sha256').update(text).digest('hex') })
  }
  return files
}

async function readInput(path: string, io: Io): Promise<string> {
  try {
    return path === '-' ? await io.readStdin() : await readFile(resolve(io.cwd, path), 'utf8')
  } catch (error) {
    throw new CommandError('file-unreadable', `${path} cannot be read: ${problemOf(error)}`, { file: path })
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EISDIR: 'it is a folder; name the files in it',
  EACCES: 'its permissions forbid it',
  ERR_STRING_TOO_LONG: 'it is too large',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
}

function problemOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return PROBLEMS[code] ?? (code === '' ? String(error) : code)
}
