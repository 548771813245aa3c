import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { audit } from './audit.ts'
import { fold } from './fold.ts'
import { table } from './measure.ts'
import type { Row } from './measure.ts'
import { memory } from './memory.ts'
import { plan } from './plan.ts'
import { rebuild } from './rebuild.ts'
import { eventStoreDbStore } from './stores/eventstoredb-store.ts'
import { memoryStore } from './stores/memory-store.ts'
import { peersInstalled } from './stores/peers.ts'
import { postgresStore } from './stores/postgres-store.ts'
import { sqliteStore } from './stores/sqlite-store.ts'

/** `npm run bench`, or `npm run bench -- fold plan` for some of them; with `--json`, rows as JSON instead of a table. */
const benchmarks: Readonly<Record<string, (folder: string) => Promise<readonly Row[]>>> = {
  'memory-store': memoryStore,
  'sqlite-store': sqliteStore,
  'postgres-store': postgresStore,
  'eventstoredb-store': eventStoreDbStore,
  fold,
  memory,
  rebuild,
  audit,
  plan,
}

const asJson = process.argv.includes('--json')
const wanted = process.argv.slice(2).filter((argument) => argument !== '--json')
const unknown = wanted.filter((name) => !(name in benchmarks))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.`)
  process.exit(64)
}

if (!peersInstalled())
  console.error('Peers are left out: `npm run bench:peers` installs them, and runs the stores beside them.')

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
console.log(asJson ? JSON.stringify(rows, null, 2) : table(rows))
