import type { DatabaseSync } from 'node:sqlite'
import { LedgerError } from '@infraledger/core/adapter'
import { assertOurs, assertWhole, isEmpty, newer, versionOf } from './schema-check.ts'
import { MIGRATIONS, type Migration } from './schema.ts'
import { isSqlError } from './sqlite-errors.ts'
import { immediateTransaction } from './transaction.ts'

/**
 * Brings a database to the newest version: makes the tables in an empty one, takes an older one forward step by step. All
 * of it is one transaction, so that a process which dies in it leaves the old version, and of several that open the file
 * at once one does it. Throws `store-foreign`, `store-newer-than-library`, `store-damaged`, or `store-unavailable` for an
 * older one that is opened read-only.
 */
export function migrating(
  database: DatabaseSync,
  migrations: readonly Migration[],
  { store, readOnly }: { readonly store: string; readonly readOnly: boolean },
): void {
  if (isEmpty(database) && !readOnly) takeForward(database, migrations)
  assertOurs(database, migrations, store)
  assertWhole(database, migrations, store)
  const version = versionOf(database)
  if (version === migrations.length) return
  if (readOnly) throw olderReadOnly(store, version, migrations.length)
  takeForward(database, migrations)
  assertWhole(database, migrations, store)
}

function takeForward(database: DatabaseSync, migrations: readonly Migration[]): void {
  const transaction = immediateTransaction(database)
  transaction.begin()
  try {
    // Asked under the lock: another process may have been faster.
    const from = versionOf(database)
    if (from > 0 || isEmpty(database))
      for (const { version, sql } of migrations.slice(from)) database.exec(`${sql}; pragma user_version = ${version}`)
    transaction.commit()
  } catch (error) {
    transaction.rollback()
    throw error
  }
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
  return version > MIGRATIONS.length ? newer(store, version, MIGRATIONS.length) : undefined
}

function olderReadOnly(store: string, version: number, newest: number): LedgerError<'store-unavailable'> {
  const problem = `has schema ${version}, and opened read-only it is not brought to schema ${newest}`
  const message = `${store} ${problem}; nothing was written. Open it once without readOnly.`
  return new LedgerError('store-unavailable', message, { store, appended: 'no' })
}
