import { LedgerError } from '@infraledger/core/adapter'
import type { Connection } from './connection.ts'
import { isNameTaken } from './postgres-errors.ts'
import { checkServer, newer, schemaVersion } from './schema-check.ts'
import { quoted } from './schema-name.ts'
import { MIGRATIONS, SCHEMA_VERSION } from './schema.ts'

/** What a migration did: the version that was there (0: none) and the one that is there now. */
export type MigrationResult = { readonly from: number; readonly to: number }

/**
 * Brings a schema to the newest version, making it where it is not there, all or nothing. Two processes that do it at once
 * come one after the other: the lock is that of the transaction, which a pooler keeps on one session. Throws
 * `store-newer-than-library`, or `store-foreign` for a schema that holds tables of others under our names.
 */
export async function migrating(connection: Connection, schema: string, store: string): Promise<MigrationResult> {
  await connection.query({ text: 'begin' })
  try {
    await checkServer(connection, store)
    const lock = `infraledger migrates ${schema}`
    await connection.query({ text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))', values: [lock] })
    const from = (await schemaVersion(connection, schema)) ?? 0
    if (from > SCHEMA_VERSION) throw newer(store, from)
    await makeSchema(connection, schema)
    for (const { version, sql } of MIGRATIONS.filter((migration) => migration.version > from)) {
      await connection.query({ text: sql(quoted(schema)) })
      const text = `insert into ${quoted(schema)}.schema_versions (version) values ($1)`
      await connection.query({ text, values: [version] })
    }
    await connection.query({ text: 'commit' })
    return { from, to: SCHEMA_VERSION }
  } catch (error) {
    await connection.query({ text: 'rollback' }).catch(() => {})
    throw isNameTaken(error) ? taken(error, schema, store) : error
  }
}

/** Asked first, because "if not exists" needs the right to make schemas even where there is nothing to make. */
async function makeSchema(connection: Connection, schema: string): Promise<void> {
  const text = 'select from pg_namespace where nspname = $1'
  const there = await connection.query({ text, values: [schema] })
  if (there.length === 0) await connection.query({ text: `create schema ${quoted(schema)}` })
}

function taken(error: unknown, schema: string, store: string): LedgerError<'store-foreign'> {
  const problem = `its schema "${schema}" holds something else under one of our names`
  const message = `${store} is not a ledger: ${problem}. It was left as it is; give the ledger a schema of its own.`
  return new LedgerError('store-foreign', message, { store, problem }, { cause: error })
}
