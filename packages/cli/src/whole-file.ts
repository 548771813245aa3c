import { rename, rm } from 'node:fs/promises'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { CommandError } from './command-error.ts'

/** Writes a file whole: an earlier one is replaced only by a whole one. Throws `output-failed`. */
export async function writeWholeFile(text: AsyncIterable<string> | Iterable<string>, path: string): Promise<void> {
  const unfinished = `${path}.unfinished`
  try {
    await pipeline(text, createWriteStream(unfinished))
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    if (!(error instanceof Error) || !('syscall' in error)) throw error
    throw new CommandError('output-failed', `${path} could not be written: ${error.message}`, { file: path })
  }
}
