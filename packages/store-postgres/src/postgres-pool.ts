/** What the store needs of a connection: that of a `PoolClient` of `pg`. */
export type PostgresClient = {
  query(statement: {
    readonly name?: string
    readonly text: string
    readonly values?: unknown[]
    readonly rowMode: 'array'
    readonly types: { getTypeParser(): (text: string) => string }
    readonly query_timeout: number
  }): Promise<{ rows: unknown[][] }>
  /** The server's process, as it was told at the start. */
  readonly processID?: number | null
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'notification', listener: () => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
}

/** What the store needs of a pool: that of `pg`. */
export type PostgresPool = {
  connect(): Promise<PostgresClient & { release(broken?: boolean): void }>
}
