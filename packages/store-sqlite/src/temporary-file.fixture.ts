import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** The path of a file that does not exist yet, in a folder of its own that goes when the test ends. */
export function temporaryFile(name = 'infra.db'): string {
  const folder = mkdtempSync(join(tmpdir(), 'infraledger-sqlite-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, name)
}
