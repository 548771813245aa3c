import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Readable } from 'node:stream'
import type { Place } from './places.fixture.ts'

/** Starts a projection in a Node of its own, from source: where the store is, where the read models are, and how it works. */
export function startProjecting(
  storeFile: string,
  { url, schema }: Place,
  ...parameters: string[]
): ChildProcessByStdio<null, Readable, null> {
  const script = fileURLToPath(new URL('projecting-process.fixture.ts', import.meta.url))
  const node = ['--conditions=@infraledger/source', '--disable-warning=ExperimentalWarning', script]
  return spawn(process.execPath, [...node, storeFile, url, schema, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}
