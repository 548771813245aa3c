import type { DatabaseSync } from 'node:sqlite'

/** A write transaction. `begin` takes the write lock at once, and throws SQLITE_BUSY when another process holds it. */
export type Transaction = {
  readonly begin: () => void
  readonly commit: () => void
  /** Undoes whatever of the transaction there is; never throws. */
  readonly rollback: () => void
}

/** The transaction of one connection; `committed` is told of each that succeeded. */
export function immediateTransaction(database: DatabaseSync, committed: () => void = () => {}): Transaction {
  const begin = database.prepare('begin immediate')
  const commit = database.prepare('commit')
  const rollback = database.prepare('rollback')
  return {
    begin: () => {
      begin.run()
    },
    commit: () => {
      commit.run()
      committed()
    },
    rollback: () => {
      try {
        rollback.run()
      } catch {
        // After some errors (a full disk, for one) SQLite has rolled back by itself, and says that there is nothing to
        // roll back.
      }
    },
  }
}
