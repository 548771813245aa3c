import { access, constants, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { EventStore } from '@infraledger/core/adapter'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { CommandError, wrongUsage } from './command-error.ts'
import type { LedgerPlace } from './ledger-place.ts'

/** A ledger in a SQLite file; refuses what can be no path. */
export function ledgerFile(named: string, cwd: string): LedgerPlace {
  if (named === '' || named === ':memory:') throw wrongUsage('--ledger takes the path of a file, or the URL of a store')
  const file = resolve(cwd, named)
  return {
    name: file,
    file,
    isThere: () => isThere(file),
    open: () => openLedgerFile(file),
    openOrCreate: async () => sqliteEventStore({ file }),
    migrate: undefined,
  }
}

async function openLedgerFile(path: string): Promise<EventStore> {
  if (!(await isThere(path))) {
    const message = `there is no ledger at ${path}; name one with --ledger <file>, or make it with "infraledger import terraform <file> --environment <name> --as <actor>"`
    throw new CommandError('ledger-missing', message, { ledger: path })
  }
  return sqliteEventStore({ file: path, readOnly: !(await isWritable(path)) })
}

/** Whether there is anything at a path. */
async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) =>
      !(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')),
  )
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  )
}
