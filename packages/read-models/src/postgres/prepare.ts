import type { ClientBase } from 'pg'
import { PROJECTION_VERSION } from '../tables/catalogue.ts'
import { quoted } from '../sql/conditions.ts'
import { newerThanLibrary, outdated } from '../versions.ts'
import { codeOf, foreign } from './errors.ts'
import { inSchema, schemaSql } from './schema.ts'

/** SQLSTATE: a table or view of that name is there. */
const DUPLICATE_TABLE = '42P07'

/**
 * Makes the schema and its tables where they are missing, within a transaction, and checks what is there otherwise; answers their version. Throws
 * `read-models-foreign`, `read-models-newer-than-library`, and `read-models-outdated` unless they are about to be rebuilt.
 */
export async function prepareSchema(
  client: ClientBase,
  schema: string,
  name: string,
  rebuilding: boolean,
): Promise<number> {
  // Processes that start together make the tables one after the other.
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`infraledger read models ${schema}`])
  const known = await versionOf(client, schema)
  if (known !== undefined) {
    if (known > PROJECTION_VERSION) throw newerThanLibrary(name, known)
    if (known < PROJECTION_VERSION && !rebuilding) throw outdated(name, known)
    return known
  }
  const { rows } = await client.query('select 1 from pg_namespace where nspname = $1', [schema])
  // Who may not make schemas may be given one.
  if (rows.length === 0) await client.query(`create schema ${quoted(schema)}`)
  try {
    await client.query(schemaSql(schema))
  } catch (error) {
    if (codeOf(error) === DUPLICATE_TABLE) throw foreign(name, `the schema ${schema} has tables of the same names`)
    throw error
  }
  await client.query(`insert into ${inSchema(schema, 'projection_meta')} (version) values ($1)`, [PROJECTION_VERSION])
  return PROJECTION_VERSION
}

/** The version of the tables in a schema; undefined where there are none of ours. */
export async function versionOf(client: ClientBase, schema: string): Promise<number | undefined> {
  const meta = inSchema(schema, 'projection_meta')
  const found = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [meta])
  if (found.rows[0]?.there !== true) return undefined
  const { rows } = await client.query<{ version: number }>(`select version from ${meta}`)
  return rows[0]?.version
}
