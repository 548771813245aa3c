import { existsSync, rmSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { LedgerError } from '@infraledger/core/adapter'
import type { OpenReadModels, ReadModels } from '../read-models.ts'
import { sqliteError, isBusy } from './errors.ts'
import { isOutdated, prepareFile } from './prepare.ts'
import { swapTables } from './swap.ts'
import { sqliteTransaction } from './transaction.ts'
import { sqliteWorkers } from './workers.ts'

/** How to keep read models in SQLite. */
export type SqliteReadModelsOptions = {
  /** Path of the file, made if it is missing. A file of its own: not that of the ledger. */
  readonly file: string
  /** How long a transaction waits for another process that is writing, before `read-models-unavailable`. Default: 30,000. */
  readonly busyTimeoutMs?: number
}

const BUSY_TIMEOUT_MS = 30_000
/** Longest pause before another try to get hold of a busy file. */
const PAUSE_MS = 20

/**
 * Read models in one file of SQLite, for any tool that reads such files. What is built beside is `<file>.next` until it is swapped.
 *
 * @example
 * await projectLedger({ store, target: sqliteReadModels({ file: 'reports.db' }) })
 */
export function sqliteReadModels(options: SqliteReadModelsOptions): ReadModels {
  if (options.file === '' || options.file === ':memory:') {
    throw new LedgerError('input-invalid', 'read models are kept in a file that others can open: name one', {
      what: 'sqliteReadModels',
      issues: [{ path: 'file', problem: 'must be the path of a file' }],
    })
  }
  const name = `sqlite:${basename(options.file)}`
  return { name, open: async (opening = {}) => openFile(name, options, opening.rebuilding === true) }
}

async function openFile(name: string, options: SqliteReadModelsOptions, rebuilding: boolean): Promise<OpenReadModels> {
  const { busyTimeoutMs = BUSY_TIMEOUT_MS } = options
  const file = resolve(options.file)
  const database = await openDatabase(name, file, rebuilding, busyTimeoutMs)
  const transaction = sqliteTransaction(database)
  let last: Promise<unknown> = Promise.resolve()

  /** Runs one transaction after the other: there is one connection. */
  function inTransaction<T>(work: () => T | Promise<T>): Promise<T> {
    const run = last.then(async () => {
      try {
        await whileBusy(() => database.exec('begin immediate'), busyTimeoutMs)
        try {
          const result = await work()
          database.exec('commit')
          return result
        } catch (error) {
          if (database.isTransaction) database.exec('rollback')
          throw error
        }
      } catch (error) {
        throw sqliteError(error, name)
      }
    })
    last = run.catch(() => {})
    return run
  }

  const besideFile = `${file}.next`
  const besideOptions = { ...options, file: besideFile }
  return {
    name,
    transaction: (work) => inTransaction(() => work(transaction)),
    checkpoints: () =>
      isOutdated(database) ? Promise.resolve([]) : inTransaction(() => transaction.select('checkpoints', {})),
    workers: sqliteWorkers(database, inTransaction),
    async beside({ fresh = false } = {}) {
      if (fresh) removeDatabase(besideFile)
      return openFile(`${name}.next`, besideOptions, false).catch((error: unknown) => {
        if (fresh) throw error
        // Left over from another version: nobody reads it.
        removeDatabase(besideFile)
        return openFile(`${name}.next`, besideOptions, false)
      })
    },
    async swap(ignoring) {
      if (!existsSync(besideFile)) return undefined
      await last
      database.prepare('attach database ? as beside').run(besideFile)
      try {
        return await inTransaction(() => swapTables(database, name, ignoring))
      } finally {
        database.exec('detach database beside')
      }
    },
    dropBeside: async () => removeDatabase(besideFile),
    async close() {
      await last
      database.close()
    },
  }
}

async function openDatabase(
  name: string,
  file: string,
  rebuilding: boolean,
  busyTimeoutMs: number,
): Promise<DatabaseSync> {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file)
    const opened = database
    await whileBusy(() => prepareFile(opened, name, rebuilding), busyTimeoutMs)
    return database
  } catch (error) {
    database?.close()
    throw sqliteError(error, name)
  }
}

/** Calls until it is not refused as busy, for at most `timeoutMs`; leaves the event loop to others meanwhile. */
async function whileBusy<T>(call: () => T, timeoutMs: number): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    try {
      return call()
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error
    }
    await sleep(1 + Math.random() * PAUSE_MS)
  }
}

function removeDatabase(file: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
}
