import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { importedShop } from './command-line.fixture.ts'

const BIN = fileURLToPath(new URL('../bin/infraledger.js', import.meta.url))

type Outcome = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** Runs the real program in a process of its own, from source; `unread` closes its output before it writes any. */
function infraledger(args: readonly string[], cwd: string, { unread = false } = {}): Promise<Outcome> {
  const env = { ...process.env, INFRALEDGER_LEDGER: '' }
  const child = spawn(process.execPath, ['--conditions=@infraledger/source', BIN, ...args], { cwd, env })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (data) => (stdout += String(data)))
  child.stderr.on('data', (data) => (stderr += String(data)))
  if (unread) child.stdout.destroy()
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

describe('the program itself', () => {
  it('CLI 1, CLI 2: answers on stdout without colours, with its exit code and nothing else on stderr', async () => {
    const { folder } = await importedShop()
    const graph = await infraledger(['graph', '--json'], folder)
    expect(graph).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(graph.stdout)).toMatchObject({ version: 2 })
    expect(await infraledger(['diff', '1', '2', '--detailed-exitcode'], folder)).toMatchObject({ code: 2, stderr: '' })
    expect(await infraledger(['node', 'sql-instance/mian'], folder)).toMatchObject({ code: 1, stdout: '' })
    expect(await infraledger(['grahp'], folder)).toMatchObject({ code: 64, stdout: '' })
    expect((await infraledger([], folder)).stdout).toMatch(/^Usage: infraledger/)
  })

  it('CLI 18: ends quietly when nobody reads any more', async () => {
    const { folder } = await importedShop()
    for (const args of [['timeline'], ['timeline', '--json'], ['graph', '--json']]) {
      expect(await infraledger(args, folder, { unread: true })).toEqual({ code: 0, stdout: '', stderr: '' })
    }
  })
})
