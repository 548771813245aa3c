import type { PostgresPool } from './postgres-pool.ts'

/** Where the events are kept: a database of which we open connections, or a pool that stays its owner's to end. */
type Place =
  | {
      /**
       * `postgres://` or `postgresql://`. Connections to other machines are encrypted and the server's certificate is
       * verified, unless `sslmode` says otherwise; see `docs/guides/postgresql.md`.
       */
      readonly connectionString: string
      /** How many connections there may be at a time, besides the one that listens. Default: 8. */
      readonly maxConnections?: number
      readonly pool?: undefined
    }
  | {
      /** A pool of `pg` with settings of your own, its `error` events listened to by you. */
      readonly pool: PostgresPool
      readonly connectionString?: undefined
      readonly maxConnections?: undefined
    }

/** How to open a store in PostgreSQL. */
export type PostgresEventStoreOptions = Place & {
  /** The schema of our tables: lower-case letters, digits and `_`, at most 63. Default: `infraledger`. */
  readonly schema?: string
  /**
   * How long a call goes on trying while another writer holds the store, no connection is free, or the server is away,
   * before `store-unavailable`. Default: 5,000.
   */
  readonly busyTimeoutMs?: number
  /** How long an answer to one statement is waited for before the connection counts as lost. Default: 30,000. */
  readonly responseTimeoutMs?: number
  /** How often subscriptions look for appends of other processes; those of this one wake them at once. Default: 500. */
  readonly pollIntervalMs?: number
  /**
   * Whether appends are announced by NOTIFY, after their commit, and subscriptions listen for that, on a connection of
   * their own while there are any. Behind a pooler, which is recognised, they only poll. Default: true; with a `pool` only
   * announcements are made, because listening would hold one of its connections.
   */
  readonly notifications?: boolean
}
