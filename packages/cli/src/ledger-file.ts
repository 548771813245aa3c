import { access, constants, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { CommandError, wrongUsage } from './command-error.ts'

type Store = ReturnType<typeof sqliteEventStore>

/** The file that is used when none is named. */
export const DEFAULT_LEDGER = 'infra.db'

/** The path of a ledger's file; refuses what can be none. */
export function ledgerPath(named: string, cwd: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(named))
    throw wrongUsage(`--ledger takes a SQLite file; there is no store for ${scheme(named)} yet`)
  if (named === '' || named === ':memory:') throw wrongUsage('--ledger takes the path of a file')
  return resolve(cwd, named)
}

/** Opens a ledger that is there. One is never made by asking: a mistyped path would look like an empty ledger. */
export async function openLedgerFile(path: string): Promise<Store> {
  if (!(await isThere(path))) {
    const message = `there is no ledger at ${path}; name one with --ledger <file>, or make it with "infraledger import terraform <file> --environment <name> --as <actor>"`
    throw new CommandError('ledger-missing', message, { ledger: path })
  }
  return sqliteEventStore({ file: path, readOnly: !(await isWritable(path)) })
}

/** Opens a ledger, and makes it where it is not there yet. */
export function openOrCreateLedgerFile(path: string): Store {
  return sqliteEventStore({ file: path })
}

/** Whether there is anything at a path. */
export async function isThere(path: string): Promise<boolean> {
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

/** A store's URL may hold a password; only its scheme is ever repeated. */
function scheme(url: string): string {
  return url.slice(0, url.indexOf('://'))
}
