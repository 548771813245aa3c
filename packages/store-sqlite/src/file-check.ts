import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LedgerError } from '@infraledger/core/adapter'
import { APPLICATION_ID } from './schema.ts'

// https://sqlite.org/fileformat.html, "The Database Header"
const MAGIC = 'SQLite format 3\0'
const HEADER_BYTES = 100
const PAGE_SIZE_OFFSET = 16
const PAGES_OFFSET = 28
const APPLICATION_ID_OFFSET = 68

const LOOK_TIMEOUT_MS = 5_000

/**
 * Looks at a file before it is opened for good, so that nothing is ever written into what is not ours. Answers whether
 * a store has to be made in it: it is missing or empty. Throws `store-foreign`, `store-damaged` or `store-unavailable`.
 */
export function checkFile(file: string, store: string): 'new' | 'ours' {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats?.isFile() === false) throw foreign(store, 'it is not a file')
  if (stats === undefined || stats.size === 0) return 'new'
  if (lacksLog(file)) throw logMissing(store)
  if (applicationIdOf(file, store) !== APPLICATION_ID)
    throw foreign(store, 'it is a SQLite database of another application')
  // Asked twice: the first time, another process may have been about to finish making it.
  if (isCutOff(file) && isCutOff(file)) throw cutOff(store)
  return 'ours'
}

/** Whether a write-ahead log is in use: some process has the file open, or had when it died. */
const hasLog = (file: string): boolean => existsSync(`${file}-wal`) || existsSync(`${file}-shm`)

/**
 * Whether the log is missing that a process left when it died, and with it what had been acknowledged since the last
 * checkpoint: its index is there alone. SQLite makes the log before the index, and removes it behind it; so an index that
 * was there before and after a look for the log must have one.
 */
function lacksLog(file: string): boolean {
  const before = indexOf(file)
  return before !== undefined && !existsSync(`${file}-wal`) && indexOf(file) === before
}

function indexOf(file: string): string | undefined {
  const stats = statSync(`${file}-shm`, { throwIfNoEntry: false })
  return stats && `${stats.ino} ${stats.birthtimeMs}`
}

function applicationIdOf(file: string, store: string): number {
  if (hasLog(file)) return applicationIdBySqlite(file)
  const header = readHeader(file)
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) throw foreign(store, 'it is not a SQLite database')
  if (header.length < HEADER_BYTES) throw cutOff(store)
  return header.readInt32BE(APPLICATION_ID_OFFSET)
}

/**
 * Where this process may have the file open, only SQLite may look at it: on POSIX, closing any descriptor of a file
 * drops all the process's locks on it (https://sqlite.org/howtocorrupt.html, 2.2), and another process could take the
 * log away.
 */
function applicationIdBySqlite(file: string): number {
  const database = new DatabaseSync(resolve(file), { readOnly: true })
  try {
    database.exec(`pragma busy_timeout = ${LOOK_TIMEOUT_MS}`)
    return Number(database.prepare('pragma application_id').get()?.['application_id'])
  } finally {
    database.close()
  }
}

/**
 * Whether the file is shorter than its header says, with no log that holds the rest. SQLite reads what is missing as
 * zeros.
 */
function isCutOff(file: string): boolean {
  if (hasLog(file)) return false
  const header = readHeader(file)
  const pageSize = header.readUInt16BE(PAGE_SIZE_OFFSET)
  // A page of 65,536 bytes does not fit the two bytes and is written as 1.
  const bytes = header.readUInt32BE(PAGES_OFFSET) * (pageSize === 1 ? 65_536 : pageSize)
  return statSync(file).size < bytes && !hasLog(file) && !existsSync(`${file}-journal`)
}

function readHeader(file: string): Buffer {
  const descriptor = openSync(file, 'r')
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    return header.subarray(0, readSync(descriptor, header, 0, HEADER_BYTES, 0))
  } finally {
    closeSync(descriptor)
  }
}

/** The refusal of something that is there but is no store of ours. */
export function foreign(store: string, problem: string): LedgerError<'store-foreign'> {
  const advice = 'It was left as it is; give the path of a ledger, or of a file that does not exist yet.'
  const message = `${store} is not a ledger: ${problem}. ${advice}`
  return new LedgerError('store-foreign', message, { store, problem })
}

function logMissing(store: string): LedgerError<'store-damaged'> {
  const problem = 'its log (-wal) is missing, and with it the last appends'
  const advice = 'Put the log back beside it, or restore a backup. To go on without them, remove the -shm file.'
  return new LedgerError('store-damaged', `The file of ${store} is damaged: ${problem}. ${advice}`, { store, problem })
}

function cutOff(store: string): LedgerError<'store-damaged'> {
  const problem = 'its end is missing'
  const message = `The file of ${store} is damaged: ${problem}. Restore it from a backup.`
  return new LedgerError('store-damaged', message, { store, problem })
}
