import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { LedgerError } from '@infraledger/core/adapter'
import type { Transaction } from './transaction.ts'

/**
 * Notices that what is open is not what lies at its path any more. A file that is removed or replaced under a process
 * goes on living for that process alone: what it appended would be acknowledged, and gone with it.
 */
export type SameFile = {
  /** Throws `store-unavailable` when the file or its log was removed, renamed or replaced. */
  readonly assert: () => void
  /** The same, but looks only if the last look is longer ago, or found that something had happened. */
  readonly assertWithin: (milliseconds: number) => void
}

/**
 * How old a look may be when a transaction begins. What was acknowledged shortly before the file was taken away is gone
 * with it in any case; looking before each append would cost as much as a part of it.
 */
const BEGIN_WITHIN_MS = 10

const IN_MEMORY = ':memory:'

/** Remembers the file of an open database, and its write-ahead log. A database in memory has none. */
export function sameFile(database: DatabaseSync, file: string | undefined, store: string): SameFile {
  // Before Node 22.16 a connection that is handed in does not tell its file, and is not watched.
  const given = typeof database.location === 'function' ? database.location() : null
  const path = file === undefined || file === IN_MEMORY ? given : resolve(file)
  const known = new Map<string, string>()
  let looked = performance.now()
  let isMoved = false

  const isSame = (each: string): boolean => {
    const now = identity(each)
    const before = known.get(each)
    // A file that is opened read-only may get its log later, from another process.
    if (before === undefined && now !== undefined) known.set(each, now)
    return before === undefined || before === now
  }
  const assert = (): void => {
    if (path === null || path === '') return
    looked = performance.now()
    isMoved = !isSame(path) || !isSame(`${path}-wal`)
    if (isMoved) throw moved(store)
  }
  // The first read makes the log, if there is none yet.
  database.prepare('pragma user_version').get()
  assert()
  return {
    assert,
    assertWithin(milliseconds) {
      if (isMoved || performance.now() - looked > milliseconds) assert()
    },
  }
}

function identity(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats && `${stats.dev} ${stats.ino}`
}

/** A transaction that begins in the right file only. */
export function inSameFile(transaction: Transaction, same: SameFile): Transaction {
  return {
    ...transaction,
    begin: () => {
      same.assertWithin(BEGIN_WITHIN_MS)
      transaction.begin()
    },
  }
}

function moved(store: string): LedgerError<'store-unavailable'> {
  const happened = `The file of ${store} was removed, renamed or replaced while it was open`
  const advice = 'Close the store, put the file back together with its -wal, and open it again.'
  return new LedgerError('store-unavailable', `${happened}; nothing was written. ${advice}`, { store, appended: 'no' })
}
