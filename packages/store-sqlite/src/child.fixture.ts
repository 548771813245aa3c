import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Readable } from 'node:stream'
import { afterAll } from 'vitest'

/** Children that follow each other compile what they share once. */
const compiled = mkdtempSync(join(tmpdir(), 'infraledger-compiled-'))
afterAll(() => rmSync(compiled, { recursive: true, force: true }))
const env = { ...process.env, NODE_COMPILE_CACHE: compiled }

type Child = ChildProcessByStdio<null, Readable, null>

/** Starts a fixture beside this file in a Node of its own, from source; what it says on stderr is shown. */
export function startChild(fixture: string, ...parameters: string[]): Child {
  return spawn(process.execPath, nodeArguments(fixture, parameters), { stdio: ['ignore', 'pipe', 'inherit'], env })
}

/** Starts it where no file may grow beyond so many KiB. */
export function childWithFileLimit(limitKib: number, fixture: string, ...parameters: string[]): Child {
  // POSIX counts in blocks of 512 bytes; a shell may count in KiB, and then the limit is twice as high.
  const limited = ['-c', `ulimit -f ${limitKib * 2} && exec "$0" "$@"`, process.execPath]
  return spawn('/bin/sh', [...limited, ...nodeArguments(fixture, parameters)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  })
}

function nodeArguments(fixture: string, parameters: readonly string[]): string[] {
  const script = fileURLToPath(new URL(fixture, import.meta.url))
  return ['--conditions=@infraledger/source', '--disable-warning=ExperimentalWarning', script, ...parameters]
}

/** Resolves when the child has ended by itself; rejects when it failed. */
export async function ended(child: Child): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.once('error', reject)
  child.once('close', (code, signal) => (code === 0 ? resolve() : reject(new Error(`ended with ${code ?? signal}`))))
  return promise
}

/** The lines that the child said until it ended, by itself or not. */
export async function said(child: Child): Promise<string[]> {
  const closed = once(child, 'close')
  const lines: string[] = []
  for await (const line of createInterface(child.stdout)) lines.push(line)
  await closed
  return lines
}
