import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CommandError } from './command-error.ts'
import { decodeText } from './decoded-text.ts'
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

/** Reads one file whole, or standard input. Throws `file-unreadable`. */
export async function readInput(path: string, io: Io): Promise<string> {
  let bytes: Uint8Array
  try {
    bytes = path === '-' ? await io.readStdin() : await readFile(resolve(io.cwd, path))
  } catch (error) {
    throw unreadable(path, error)
  }
  const decoded = decodeText(bytes)
  if (decoded.type === 'other') throw unreadable(path, `it is ${decoded.is}`)
  return decoded.text
}

/**
 * The lines of a file that may be larger than memory, each time anew; `-` is standard input, which is kept. Throws `file-unreadable`.
 */
export async function inputLines(path: string, io: Io): Promise<() => AsyncIterable<string> | Iterable<string>> {
  if (path !== '-') return () => linesOf(path, io.cwd)
  const lines = (await readInput(path, io)).split('\n')
  return () => lines
}

async function* linesOf(path: string, cwd: string): AsyncGenerator<string, void> {
  try {
    const file = await open(resolve(cwd, path))
    try {
      yield* file.readLines()
    } finally {
      await file.close()
    }
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): CommandError {
  const problem = typeof error === 'string' ? error : problemOf(error)
  return new CommandError('file-unreadable', `${inputName(path)} cannot be read: ${problem}`, { file: path })
}

/** What an input is called in messages. */
export function inputName(path: string): string {
  return path === '-' ? 'standard input' : path
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EISDIR: 'it is a folder; name the files in it',
  EACCES: 'its permissions forbid it',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
}

function problemOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return PROBLEMS[code] ?? (code === '' ? String(error) : code)
}
