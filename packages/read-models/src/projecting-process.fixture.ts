/** A process that projects: `store file`, `url`, `schema`, and `once`, or the name of a worker that follows. It says each transaction on a line. */
import { writeSync } from 'node:fs'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { postgresReadModels } from './postgres/postgres-read-models.ts'
import { projectLedger } from './project-ledger.ts'
import { sqliteReadModels } from './sqlite/sqlite-read-models.ts'

/** Short, so that a test does not wait long for a dead worker to be replaced. */
const LEASE_MS = 600

const [, , file = '', url = '', schema = '', how = 'once'] = process.argv
const store = sqliteEventStore({ file, pollIntervalMs: 20 })
const target = url.startsWith('postgres')
  ? postgresReadModels({ connectionString: url, schema })
  : sqliteReadModels({ file: url })
await projectLedger({
  store,
  target,
  ...(how === 'once' ? {} : { follow: true, worker: { name: how, leaseMs: LEASE_MS } }),
  onProgress: ({ environment, events }) => void writeSync(1, `${environment} ${events}\n`),
})
await store.close()
