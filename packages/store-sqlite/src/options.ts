import type { DatabaseSync } from 'node:sqlite'

/** Where the events are kept: a file of our own, or a connection that is handed in and stays its owner's to close. */
type Place =
  | {
      /** Path of the file, made if it is missing; `:memory:` keeps nothing. */
      readonly file: string
      /** Opens an existing file for reading only. Default: false. */
      readonly readOnly?: boolean
      readonly database?: undefined
    }
  | {
      /**
       * An open connection, which the store takes over until it is closed: it sets its pragmas and runs transactions on
       * it.
       */
      readonly database: DatabaseSync
      readonly file?: undefined
      readonly readOnly?: undefined
    }

/** How to open a store in SQLite. */
export type SqliteEventStoreOptions = Place & {
  /**
   * `full` (default): an append is on the disk before it is answered. `normal`: a power failure, though not a crash of
   * the process, may take the last appends; several times faster for a single caller.
   */
  readonly synchronous?: 'full' | 'normal'
  /** How long a call waits for another process that is writing, before `store-unavailable`. Default: 5,000. */
  readonly busyTimeoutMs?: number
  /** How often subscriptions look for appends of other processes; those of this one wake them at once. Default: 100. */
  readonly pollIntervalMs?: number
}
