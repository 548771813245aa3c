import { DatabaseSync } from 'node:sqlite'
import type { ForeignTransaction } from '@infraledger/testkit'
import { appending } from './appending.ts'

/**
 * A transaction that another connection to the file has open. SQLite has one writer at a time, so it is begun deferred:
 * from its first append on the store waits for it.
 */
export function foreignTransaction(file: string): ForeignTransaction & { readonly close: () => void } {
  const database = new DatabaseSync(file)
  const append = appending(database)
  database.exec('begin')
  const end = (how: 'commit' | 'rollback'): void => {
    if (database.isOpen && database.isTransaction) database.exec(how)
  }
  return {
    async append(stream, events, expected) {
      append({ stream, events, expected }, true)
    },
    commit: async () => end('commit'),
    rollback: async () => end('rollback'),
    close: () => database.close(),
  }
}
