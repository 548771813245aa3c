import { basename, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LedgerError } from '@infraledger/core/adapter'
import { checkFile, foreign } from './file-check.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_OBJECTS, SCHEMA_VERSION } from './schema.ts'
import { storeError } from './sqlite-errors.ts'
import type { SqliteEventStoreOptions } from './options.ts'
import { immediateTransaction } from './transaction.ts'

/** An open, checked database, and how to let go of it. */
export type Connection = {
  readonly database: DatabaseSync
  /** For messages: the base name of the file, never its path. */
  readonly name: string
  readonly readOnly: boolean
  /** Closes the database if we opened it; one that was handed in stays open for its owner. */
  readonly close: () => void
}

const IN_MEMORY = ':memory:'

/** Opens what the options name, makes the tables in an empty one, and refuses what is foreign, damaged or newer. */
export function connect(options: SqliteEventStoreOptions, busyTimeoutMs: number): Connection {
  const { database: given, file, readOnly = false, synchronous = 'full' } = options
  const name = file === undefined ? 'sqlite' : `sqlite:${file === IN_MEMORY ? 'memory' : basename(file)}`
  const database = given ?? open(file, name, readOnly)
  const close = (): void => {
    if (given === undefined) database.close()
  }
  try {
    // Opening is synchronous and short, so here SQLite itself may wait for another process that is opening the same
    // file.
    database.exec(`pragma busy_timeout = ${busyTimeoutMs}`)
    prepare(database, name, readOnly)
    if (!readOnly) useLog(database, name, synchronous)
    database.exec('pragma busy_timeout = 0')
  } catch (error) {
    close()
    throw storeError(error, name)
  }
  return { database, name, readOnly, close }
}

function open(file: string, name: string, readOnly: boolean): DatabaseSync {
  try {
    if (file !== IN_MEMORY && checkFile(file, name) === 'new' && readOnly) {
      const message = `${name} is not there, and opened read-only it is not made. Check the path.`
      throw new LedgerError('store-unavailable', message, { store: name, appended: 'no' })
    }
    return new DatabaseSync(file === IN_MEMORY ? file : resolve(file), { readOnly })
  } catch (error) {
    throw storeError(error, name)
  }
}

/**
 * Makes the tables in an empty database, in one transaction: a process that dies here leaves an empty one. Then checks
 * what is there.
 */
function prepare(database: DatabaseSync, name: string, readOnly: boolean): void {
  if (isEmpty(database) && !readOnly) {
    const transaction = immediateTransaction(database)
    transaction.begin()
    try {
      // Asked again under the lock: another process may have been faster.
      if (isEmpty(database)) database.exec(SCHEMA)
      transaction.commit()
    } catch (error) {
      transaction.rollback()
      throw error
    }
  }
  if (numberOf(database, 'pragma application_id') !== APPLICATION_ID)
    throw foreign(name, 'it is a SQLite database of another application')
  const version = numberOf(database, 'pragma user_version')
  if (version > SCHEMA_VERSION) throw newer(name, version)
  const names = new Set(
    database
      .prepare('select name from sqlite_schema')
      .all()
      .map((row) => row['name']),
  )
  const missing = SCHEMA_OBJECTS.filter((object) => !names.has(object))
  if (missing.length > 0) throw incomplete(name, missing)
}

const isEmpty = (database: DatabaseSync): boolean =>
  numberOf(database, 'pragma application_id') === 0 && numberOf(database, 'select count(*) from sqlite_schema') === 0

/** Turns the write-ahead log on, so that readers and the writer never wait for each other. */
function useLog(database: DatabaseSync, name: string, synchronous: 'full' | 'normal'): void {
  const mode = Object.values(database.prepare('pragma journal_mode = wal').get() ?? {})[0]
  if (mode !== 'wal' && mode !== 'memory') {
    const problem = `cannot have a write-ahead log here (SQLite stays in mode "${String(mode)}")`
    const message = `${name} ${problem}. Put the file on a local disk.`
    throw new LedgerError('store-unavailable', message, { store: name, appended: 'no' })
  }
  // `fullfsync` matters on macOS only, where a plain fsync leaves data in the drive's cache.
  database.exec(`pragma synchronous = ${synchronous}; pragma fullfsync = ${synchronous === 'full' ? 'on' : 'off'}`)
}

function numberOf(database: DatabaseSync, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0])
}

function newer(store: string, version: number): LedgerError<'store-newer-than-library'> {
  const versions = `schema ${version}; this version knows ${SCHEMA_VERSION}`
  const message = `${store} was made by a newer @infraledger/store-sqlite (${versions}). Update the package.`
  return new LedgerError('store-newer-than-library', message, { store, version, supported: SCHEMA_VERSION })
}

function incomplete(store: string, missing: readonly string[]): LedgerError<'store-damaged'> {
  const problem = `its schema lacks ${missing.join(', ')}`
  const message = `The file of ${store} is damaged: ${problem}. Another tool has changed it: restore it from a backup.`
  return new LedgerError('store-damaged', message, { store, problem })
}
