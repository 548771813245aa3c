import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { append } from './append.ts'
import { audit } from './audit.ts'
import { fold } from './fold.ts'
import { table } from './measure.ts'
import type { Row } from './measure.ts'
import { memory } from './memory.ts'
import { plan } from './plan.ts'
import { rebuild } from './rebuild.ts'

/** `npm run bench`, or `npm run bench -- fold plan` for some of them. */
const benchmarks: Readonly<Record<string, (folder: string) => Promise<readonly Row[]>>> = {
  append,
  fold,
  memory,
  rebuild,
  audit,
  plan,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in benchmarks))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.`)
  process.exit(64)
}

const folder = mkdtempSync(join(tmpdir(), 'infraledger-bench-'))
const rows: Row[] = []
try {
  for (const [name, run] of Object.entries(benchmarks)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    console.error(`${name} …`)
    rows.push(...(await run(folder)))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(table(rows))
