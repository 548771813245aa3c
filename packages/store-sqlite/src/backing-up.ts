import { existsSync, renameSync, rmSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import * as sqlite from 'node:sqlite'
import { DatabaseSync } from 'node:sqlite'
import { LedgerError } from '@infraledger/core/adapter'
import { checkFile } from './file-check.ts'
import { reading } from './reading.ts'
import { assertOurs, assertWhole } from './schema-check.ts'
import { MIGRATIONS } from './schema.ts'
import { storeError } from './sqlite-errors.ts'

/** Which file to copy, and where to. */
export type SqliteBackupOptions = {
  /** Path of a store's file, in use or not. */
  readonly file: string
  /** Path of the copy; there must be nothing yet. */
  readonly to: string
}

/** What a copy holds: everything up to this position, 0n when the store is empty. */
export type SqliteBackup = { readonly lastPosition: bigint }

/** Copies an open database as it is at one moment. Others may write meanwhile, and nobody waits. */
export type Copying = (from: DatabaseSync, to: string) => Promise<void>

const HAS_BACKUP = 'backup' in sqlite

/** All pages in one step: in several, SQLite begins again whenever another process has written in between. */
const ALL_PAGES = 2 ** 31 - 1

/** SQLite's online backup, off the event loop. */
export const copyInBackground: Copying = async (from, to) => {
  await sqlite.backup(from, to, { rate: ALL_PAGES })
}

/** The same result on the event loop, for Node before 22.16. */
export const copyAtOnce: Copying = async (from, to) => {
  from.prepare('vacuum into ?').run(to)
}

/**
 * Copies a store's file while processes read and write it: the copy holds everything that was acknowledged before the
 * call, and of what is appended meanwhile a prefix. It is a file of its own, without a log beside it, and lies at `to`
 * only once it is whole and was read back. Throws `input-invalid` where there is something at `to`, and what opening a
 * store throws.
 *
 * @example
 * await backUpSqliteStore({ file: 'infra.db', to: '/backups/infra-2026-03-02.db' })
 */
export async function backUpSqliteStore(
  { file, to }: SqliteBackupOptions,
  copying: Copying = HAS_BACKUP ? copyInBackground : copyAtOnce,
): Promise<SqliteBackup> {
  const store = `sqlite:${basename(file)}`
  if (existsSync(to)) throw taken(store, to)
  const unfinished = `${resolve(to)}.unfinished`
  try {
    if (checkFile(file, store) === 'new') throw missing(store)
    rmSync(unfinished, { force: true })
    await opened(resolve(file), true, async (database) => copying(database, unfinished))
    const lastPosition = await opened(unfinished, false, async (database) => readBack(database, store))
    renameSync(unfinished, to)
    return { lastPosition }
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw storeError(error, store)
  }
}

async function opened<T>(path: string, readOnly: boolean, use: (database: DatabaseSync) => Promise<T>): Promise<T> {
  const database = new DatabaseSync(path, { readOnly })
  try {
    return await use(database)
  } finally {
    database.close()
  }
}

function readBack(copy: DatabaseSync, store: string): bigint {
  // Page by page as the original, the copy would also want a log; whoever opens it as a store gives it one.
  copy.exec('pragma journal_mode = delete')
  assertOurs(copy, MIGRATIONS, store)
  assertWhole(copy, MIGRATIONS, store)
  return reading(copy).lastPosition()
}

function missing(store: string): LedgerError<'store-unavailable'> {
  const message = `${store} is not there, so there is nothing to copy. Check the path.`
  return new LedgerError('store-unavailable', message, { store, appended: 'no' })
}

function taken(store: string, to: string): LedgerError<'input-invalid'> {
  const problem = `${basename(to)} is there already`
  const message = `${store} was not copied: ${problem}, and a backup is never overwritten. Give it a name of its own.`
  return new LedgerError('input-invalid', message, { what: 'backup', issues: [{ path: 'to', problem }] })
}
