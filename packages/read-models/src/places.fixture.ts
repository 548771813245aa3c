import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@infraledger/testkit/postgresql'
import type { TestPostgres } from '@infraledger/testkit/postgresql'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { postgresReadModels } from './postgres/postgres-read-models.ts'
import type { ReadModels } from './read-models.ts'
import { sqliteReadModels } from './sqlite/sqlite-read-models.ts'

/** A new place for read models, and what a process is told so that it finds the same. */
export type Place = { readonly target: ReadModels; readonly url: string; readonly schema: string }

/** Where read models are kept, by name: both dialects, for tests that hold for each. The server is started once for a test file. */
export function placesForTests(): readonly { readonly dialect: string; readonly newPlace: () => Promise<Place> }[] {
  let [server, connectionString, schemas]: [TestPostgres | undefined, string, number] = [undefined, '', 0]
  beforeAll(async () => {
    server = await startPostgres({ fsync: false })
    connectionString = await server.databaseUrl('readmodels')
  }, 60_000)
  afterAll(async () => server?.stop(), 60_000)
  return [
    {
      dialect: 'SQLite',
      newPlace: async () => {
        const file = temporaryFile('reports.db')
        return { target: sqliteReadModels({ file }), url: file, schema: '' }
      },
    },
    {
      dialect: 'PostgreSQL',
      newPlace: async () => {
        // A schema of its own in one database: making a database takes far longer.
        const schema = `reports_${++schemas}`
        return { target: postgresReadModels({ connectionString, schema }), url: connectionString, schema }
      },
    },
  ]
}

/** The path of a file that does not exist yet, in a folder of its own that goes when the test ends. */
export function temporaryFile(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'infraledger-read-models-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, name)
}
