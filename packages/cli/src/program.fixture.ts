import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../bin/infraledger.js', import.meta.url))

/** How a run of the program ended; without a code, it was killed. */
export type Outcome = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export type Program = { readonly process: ChildProcess; readonly outcome: Promise<Outcome> }

/** Starts the real program in a process of its own, from source; `unread` closes its output before it writes any. */
export function startProgram(
  args: readonly string[],
  cwd: string,
  { unread = false, env = {} }: { readonly unread?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
): Program {
  const surroundings = { ...process.env, INFRALEDGER_LEDGER: '', ...env }
  const child = spawn(process.execPath, ['--conditions=@infraledger/source', BIN, ...args], { cwd, env: surroundings })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (data) => (stdout += String(data)))
  child.stderr.on('data', (data) => (stderr += String(data)))
  if (unread) child.stdout.destroy()
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { process: child, outcome }
}
