import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Readable } from 'node:stream'

/** Starts a fixture beside this file in a Node of its own, from source; what it says on stderr is shown. */
export function startChild(fixture: string, ...parameters: string[]): ChildProcessByStdio<null, Readable, null> {
  const script = fileURLToPath(new URL(fixture, import.meta.url))
  const node = ['--conditions=@infraledger/source', '--disable-warning=ExperimentalWarning', script, ...parameters]
  return spawn(process.execPath, node, { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Resolves when the child has ended by itself; rejects when it failed. */
export async function ended(child: ChildProcessByStdio<null, Readable, null>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.once('error', reject)
  child.once('close', (code, signal) => (code === 0 ? resolve() : reject(new Error(`ended with ${code ?? signal}`))))
  return promise
}
