import type { DatabaseSync } from 'node:sqlite'
import { LedgerError } from '@infraledger/core/adapter'
import { foreign } from './file-check.ts'
import { APPLICATION_ID, type Migration } from './schema.ts'

/** Refuses what is another application's, or of a version that these migrations do not reach. */
export function assertOurs(database: DatabaseSync, migrations: readonly Migration[], store: string): void {
  if (numberOf(database, 'pragma application_id') !== APPLICATION_ID)
    throw foreign(store, 'it is a SQLite database of another application')
  const version = versionOf(database)
  if (version > migrations.length) throw newer(store, version, migrations.length)
}

/** Refuses a file that lacks something of its version: what another tool took out is not put back. */
export function assertWhole(database: DatabaseSync, migrations: readonly Migration[], store: string): void {
  const version = versionOf(database)
  const migration = migrations.find((each) => each.version === version)
  if (migration === undefined) throw incomplete(store, 'its version')
  const rows = database.prepare('select name from sqlite_schema').all()
  const names = new Set(rows.map((row) => row['name']))
  const missing = migration.objects.filter((object) => !names.has(object))
  if (missing.length > 0) throw incomplete(store, missing.join(', '))
}

/** The version of the tables in a database; 0 where there are none. */
export function versionOf(database: DatabaseSync): number {
  return numberOf(database, 'pragma user_version')
}

/** Whether there is nothing in a database, ours or anybody's. */
export function isEmpty(database: DatabaseSync): boolean {
  const objects = numberOf(database, 'select count(*) from sqlite_schema')
  return objects === 0 && numberOf(database, 'pragma application_id') === 0
}

function numberOf(database: DatabaseSync, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0])
}

/** The refusal of a file whose tables a later version has made. */
export function newer(store: string, version: number, supported: number): LedgerError<'store-newer-than-library'> {
  const versions = `schema ${version}; this version knows ${supported}`
  const message = `${store} was made by a newer @infraledger/store-sqlite (${versions}). Update the package.`
  return new LedgerError('store-newer-than-library', message, { store, version, supported })
}

function incomplete(store: string, missing: string): LedgerError<'store-damaged'> {
  const problem = `its schema lacks ${missing}`
  const message = `The file of ${store} is damaged: ${problem}. Another tool has changed it: restore it from a backup.`
  return new LedgerError('store-damaged', message, { store, problem })
}
