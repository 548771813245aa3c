import { basename, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LedgerError } from '@infraledger/core/adapter'
import { checkFile } from './file-check.ts'
import { migrating } from './migrating.ts'
import { warnOfNetworkFileSystem } from './network-file-system.ts'
import { MIGRATIONS, type Migration } from './schema.ts'
import { storeError } from './sqlite-errors.ts'
import type { SqliteEventStoreOptions } from './options.ts'

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

/**
 * Opens what the options name, makes the tables in an empty one, takes an older one forward, and refuses
 * what is foreign, damaged or newer.
 */
export function connect(
  options: SqliteEventStoreOptions,
  busyTimeoutMs: number,
  migrations: readonly Migration[] = MIGRATIONS,
): Connection {
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
    migrating(database, migrations, { store: name, readOnly })
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
    if (file === IN_MEMORY) return new DatabaseSync(file)
    warnOfNetworkFileSystem(resolve(file), name)
    return new DatabaseSync(resolve(file), { readOnly })
  } catch (error) {
    throw storeError(error, name)
  }
}

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
