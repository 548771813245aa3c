/** A running PostgreSQL server for tests. */
export type TestPostgres = {
  /** Connection string of its maintenance database, as a role that may create databases (a superuser on a server of our own). */
  readonly url: string
  /** Makes an empty database and answers with its connection string; its name begins with `name` and is used once. */
  databaseUrl(name?: string): Promise<string>
  /** Stops the server and starts it again on the same port and data. Only for a server of our own: otherwise it throws. */
  restart(options?: RestartOptions): Promise<void>
  /** Ends it and takes everything away that was made: a server of our own, or our databases on a given one. */
  stop(): Promise<void>
}

/** How a server ends before it starts again. */
export type RestartOptions = {
  /** As after a power failure: nothing is finished, and it recovers from its log. Default: connections are ended in order. */
  readonly crash?: boolean
  /**
   * It comes back as a standby, which answers queries and takes no writes, until `select pg_promote()`. Default: as what
   * it was.
   */
  readonly standby?: boolean
}

/** How to start a server for tests. */
export type StartPostgresOptions = {
  /** A server of our own even where `DATABASE_URL` names one: for tests that restart it or set it up. Default: false. */
  readonly own?: boolean
  /** Whether commits of a server of our own wait for the disk, as in production. Default: true. */
  readonly fsync?: boolean
  /** Takes TLS connections (and plain ones) with this certificate and private key, in PEM. Only on a server of our own. */
  readonly tls?: { readonly certificate: string; readonly key: string }
  /** Further settings of a server of our own, for example `{ max_connections: '20' }`. */
  readonly settings?: Readonly<Record<string, string>>
}
