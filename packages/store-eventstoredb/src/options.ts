import type { EventStoreDBClient } from '@eventstore/db-client'

/** Which server the events are kept by: one of our own connections, or a client that stays its owner's. */
type Place =
  | {
      /**
       * `esdb://user:password@host:2113?tls=true`, several hosts separated by commas, or `esdb+discover://` with a DNS
       * name; `kurrentdb://`, `kurrent://` and `kdb://` mean the same. A password is percent-encoded.
       */
      readonly connectionString: string
      readonly client?: undefined
    }
  | {
      /** A client of `@eventstore/db-client`; it is not disposed of when the store closes. */
      readonly client: EventStoreDBClient
      readonly connectionString?: undefined
    }

/** How to open a store in EventStoreDB or KurrentDB. */
export type EventStoreDbEventStoreOptions = Place & {
  /**
   * What the names of our streams on the server begin with. The store sees no other stream. Letters, digits, `.`, `_`,
   * `:` and `-`, beginning with a letter, at least three. Default: `infraledger-`, which makes them one category of the
   * server's.
   */
  readonly streamPrefix?: string
  /**
   * The server's `MaxAppendSize`: what is larger is refused before anything is sent. Default: 1,048,576, the server's
   * own default.
   */
  readonly maxAppendBytes?: number
  /**
   * How long a call that met a lost connection, an election or an overloaded server is tried again, before
   * `store-unavailable`. Default: 10,000.
   */
  readonly retryTimeoutMs?: number
}
