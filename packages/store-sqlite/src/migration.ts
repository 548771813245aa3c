import type { DatabaseSync } from 'node:sqlite'
import { LedgerError } from '@infraledger/core/adapter'
import { foreign } from './file-check.ts'
import { APPLICATION_ID, SCHEMA, type SchemaStep } from './schema.ts'
import { isSqlError } from './sqlite-errors.ts'
import { immediateTransaction } from './transaction.ts'

type Opening = { readonly store: string; readonly readOnly: boolean }

/**
 * Brings a database to the present schema: makes it in an empty one, takes an older one forward step by step. All of it
 * is one transaction, so that a process which dies in it leaves the old schema, and of several that open the file at
 * once one does it. Throws `store-foreign`, `store-newer-than-library`, `store-damaged`, or `store-unavailable` for an
 * older one that is opened read-only.
 */
export function prepareSchema(database: DatabaseSync, schema: readonly SchemaStep[], opening: Opening): void {
  const { store, readOnly } = opening
  if (isEmpty(database) && !readOnly) takeForward(database, schema)
  assertOurs(database, schema, store)
  assertWhole(database, schema, store)
  if (versionOf(database) === schema.length) return
  if (readOnly) throw olderReadOnly(store, versionOf(database), schema.length)
  takeForward(database, schema)
  assertWhole(database, schema, store)
}

function takeForward(database: DatabaseSync, schema: readonly SchemaStep[]): void {
  const transaction = immediateTransaction(database)
  transaction.begin()
  try {
    // Asked under the lock: another process may have been faster, or may be of a newer version.
    const version = versionOf(database)
    if (version < schema.length && (version > 0 || isEmpty(database))) {
      for (const { sql } of schema.slice(version)) database.exec(sql)
      database.exec(`pragma user_version = ${schema.length}`)
    }
    transaction.commit()
  } catch (error) {
    transaction.rollback()
    throw error
  }
}

function assertOurs(database: DatabaseSync, schema: readonly SchemaStep[], store: string): void {
  if (numberOf(database, 'pragma application_id') !== APPLICATION_ID)
    throw foreign(store, 'it is a SQLite database of another application')
  const version = versionOf(database)
  if (version > schema.length) throw newer(store, version, schema.length)
}

/** Whether everything is there that the file's version has; what another tool took out is not put back. */
function assertWhole(database: DatabaseSync, schema: readonly SchemaStep[], store: string): void {
  const step = schema[versionOf(database) - 1]
  if (step === undefined) throw incomplete(store, 'its version')
  const rows = database.prepare('select name from sqlite_schema').all()
  const names = new Set(rows.map((row) => row['name']))
  const missing = step.objects.filter((object) => !names.has(object))
  if (missing.length > 0) throw incomplete(store, missing.join(', '))
}

/** The version of the schema that a database has; 0 for none. */
function versionOf(database: DatabaseSync): number {
  return numberOf(database, 'pragma user_version')
}

const isEmpty = (database: DatabaseSync): boolean =>
  numberOf(database, 'pragma application_id') === 0 && numberOf(database, 'select count(*) from sqlite_schema') === 0

function numberOf(database: DatabaseSync, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0])
}

/**
 * What an SQL error means when another process, of a newer version, has taken the file forward while it was open here;
 * undefined when it has not.
 */
export function movedOn(
  error: unknown,
  database: DatabaseSync,
  store: string,
): LedgerError<'store-newer-than-library'> | undefined {
  if (!isSqlError(error)) return undefined
  const version = versionOf(database)
  return version > SCHEMA.length ? newer(store, version, SCHEMA.length) : undefined
}

function newer(store: string, version: number, supported: number): LedgerError<'store-newer-than-library'> {
  const versions = `schema ${version}; this version knows ${supported}`
  const message = `${store} was made by a newer @infraledger/store-sqlite (${versions}). Update the package.`
  return new LedgerError('store-newer-than-library', message, { store, version, supported })
}

function olderReadOnly(store: string, version: number, supported: number): LedgerError<'store-unavailable'> {
  const problem = `has schema ${version}, and opened read-only it is not brought to schema ${supported}`
  const message = `${store} ${problem}; nothing was written. Open it once without readOnly.`
  return new LedgerError('store-unavailable', message, { store, appended: 'no' })
}

function incomplete(store: string, missing: string): LedgerError<'store-damaged'> {
  const problem = `its schema lacks ${missing}`
  const message = `The file of ${store} is damaged: ${problem}. Another tool has changed it: restore it from a backup.`
  return new LedgerError('store-damaged', message, { store, problem })
}
