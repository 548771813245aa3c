import type { EventStore } from '@infraledger/core/adapter'
import { wrongUsage } from './command-error.ts'
import { eventStoreDbLedger } from './eventstoredb-ledger.ts'
import { ledgerFile } from './ledger-file.ts'
import { postgresLedger } from './postgres-ledger.ts'

/** The ledger that is used when none is named. */
export const DEFAULT_LEDGER = 'infra.db'

/** Where a ledger is kept. Nothing is opened, and no package of a server loaded, until it is needed. */
export type LedgerPlace = {
  /** For messages: the path of the file, or what kind of server it is. Holds nothing secret, unlike a URL. */
  readonly name: string
  /** Path of the file; none where a server keeps it. */
  readonly file: string | undefined
  /** Whether there may be a ledger; a server is only asked when it is opened. */
  readonly isThere: () => Promise<boolean>
  /** Opens a ledger that is there. One is never made by asking: a mistyped path would look like an empty ledger. */
  readonly open: () => Promise<EventStore>
  /** Opens a ledger, and makes it where it is not there yet and a file can be. */
  readonly openOrCreate: () => Promise<EventStore>
  /** Makes or renews the tables, and lets roles use them; undefined where opening a ledger does all that is needed. */
  readonly migrate: ((grants: MigrationGrants) => Promise<Migration>) | undefined
}

/** The roles of a database that may write, or only read. */
export type MigrationGrants = { readonly writer: string | undefined; readonly reader: string | undefined }

/** The ledger's name, the version of the tables that was there before (0: none) and the one that is there now. */
export type Migration = { readonly ledger: string; readonly from: number; readonly to: number }

/** How the ledgers of a store are named: by the scheme of its URLs. */
const SERVERS: Readonly<Record<string, (url: string) => LedgerPlace>> = {
  postgres: postgresLedger,
  postgresql: postgresLedger,
  esdb: eventStoreDbLedger,
  'esdb+discover': eventStoreDbLedger,
  kurrentdb: eventStoreDbLedger,
  'kurrentdb+discover': eventStoreDbLedger,
}

const URL_SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i

/** Whether a ledger is named by a store's URL, not by the path of a file. */
export function isLedgerUrl(named: string): boolean {
  return URL_SCHEME.test(named)
}

/** The place that is named by a path or a store's URL; refuses what can be none. A URL is never repeated. */
export function ledgerPlace(named: string, cwd: string): LedgerPlace {
  const scheme = URL_SCHEME.exec(named)?.[1]?.toLowerCase()
  if (scheme === undefined) return ledgerFile(named, cwd)
  const server = SERVERS[scheme]
  if (server === undefined)
    throw wrongUsage(
      `--ledger takes a SQLite file or a URL of ${Object.keys(SERVERS).join(', ')}; there is no store for ${scheme} yet`,
    )
  return server(named)
}
