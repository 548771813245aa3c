import { LedgerError } from '@infraledger/core/adapter'
import type { Connection } from './connection.ts'
import { damaged } from './postgres-errors.ts'
import { quoted } from './schema-name.ts'
import { SCHEMA_OBJECTS, SCHEMA_VERSION } from './schema.ts'

/** The oldest PostgreSQL that is supported, as `server_version_num` writes it. */
const OLDEST_SERVER = 140_000

/** What must hold of a server and a database before anything is kept there. Throws `store-foreign`. */
export async function checkServer(connection: Connection, store: string): Promise<void> {
  const [row] = await connection.query({
    text: `select current_setting('server_version_num'), current_setting('server_version'), current_setting('server_encoding')`,
  })
  const [version, shown, encoding] = row ?? []
  const problem = serverProblem(Number(version), String(shown), String(encoding))
  if (problem !== undefined) {
    const message = `${store} cannot keep a ledger: ${problem}. Nothing was changed; name another server or database.`
    throw new LedgerError('store-foreign', message, { store, problem })
  }
}

/** Why a server can hold no ledger, if it cannot. Text in another encoding would not come back byte for byte. */
export function serverProblem(version: number, shown: string, encoding: string): string | undefined {
  if (version < OLDEST_SERVER)
    return `it is PostgreSQL ${shown}, and ${OLDEST_SERVER / 10_000} is the oldest that will do`
  if (encoding !== 'UTF8') return `the encoding of the database is ${encoding}, and only UTF8 will do`
  return undefined
}

/** The version of the tables in a schema; `undefined` where none of ours are. */
export async function schemaVersion(connection: Connection, schema: string): Promise<number | undefined> {
  const table = `${quoted(schema)}.schema_versions`
  const [there] = await connection.query({ text: 'select to_regclass($1)', values: [table] })
  if (there?.[0] === null || there === undefined) return undefined
  const [row] = await connection.query({ text: `select coalesce(max(version), 0) from ${table}` })
  return Number(row?.[0])
}

/**
 * Looks whether a schema holds our tables, whole and of this version. Throws `store-foreign` (not migrated yet),
 * `store-newer-than-library` or `store-damaged`.
 */
export async function checkSchema(connection: Connection, schema: string, store: string): Promise<void> {
  const version = await schemaVersion(connection, schema)
  if (version === undefined) throw notMigrated(store, `it has no tables of ours in its schema "${schema}"`)
  if (version > SCHEMA_VERSION) throw newer(store, version)
  if (version < SCHEMA_VERSION) throw notMigrated(store, `its tables are of version ${version}, not ${SCHEMA_VERSION}`)
  const rows = await connection.query({
    text: `
      select relname from pg_class where relnamespace = $1::regnamespace
      union all select tgname from pg_trigger join pg_class on pg_class.oid = tgrelid
        where relnamespace = $1::regnamespace and tgenabled = 'A'
      union all select proname from pg_proc where pronamespace = $1::regnamespace`,
    values: [quoted(schema)],
  })
  const names = new Set(rows.map(([name]) => name))
  const missing = SCHEMA_OBJECTS.filter((object) => !names.has(object))
  if (missing.length > 0) throw damaged(store, `schema "${schema}" lacks ${missing.join(', ')}`)
  const [behind] = await connection.query({
    text: `select max(events.position) > (select position from ${quoted(schema)}.head) from ${quoted(schema)}.events`,
  })
  if (behind?.[0] === 't') throw damaged(store, 'events lie behind the counter of positions')
}

function notMigrated(store: string, problem: string): LedgerError<'store-foreign'> {
  const advice = 'Run migrate() once ("infraledger migrate" on the command line), or name the database of a ledger.'
  return new LedgerError('store-foreign', `${store} is not a ledger yet: ${problem}. ${advice}`, { store, problem })
}

/** The refusal of tables that a later version has made. */
export function newer(store: string, version: number): LedgerError<'store-newer-than-library'> {
  const versions = `schema ${version}; this version knows ${SCHEMA_VERSION}`
  const message = `${store} was made by a newer @infraledger/store-postgres (${versions}). Update the package.`
  return new LedgerError('store-newer-than-library', message, { store, version, supported: SCHEMA_VERSION })
}
