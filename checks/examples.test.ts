import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const here = join(import.meta.dirname, '..', 'examples')
const examples = readdirSync(here).filter((name) => /^\d\d-/.test(name))

for (const example of examples) {
  test(`EXAMPLE 1: ${example} prints what it promises`, { timeout: 60_000 }, async () => {
    const output = mkdtempSync(join(tmpdir(), 'infraledger-example-'))
    const env = { ...process.env, NO_COLOR: '1', INFRALEDGER_STORY_OUTPUT: output }
    const { stdout } = await run(
      process.execPath,
      ['--conditions=@infraledger/source', join(here, example, 'main.ts')],
      { env },
    )
    rmSync(output, { recursive: true })
    expect(stdout).toBe(readFileSync(join(here, example, 'expected-output.txt'), 'utf8'))
  })
}
