import { Client, Pool } from 'pg'
import { parseConnectionString } from './connection-string.ts'
import type { PostgresEventStoreOptions } from './options.ts'
import type { PostgresClient, PostgresPool } from './postgres-pool.ts'
import { breaksConnection } from './postgres-errors.ts'

/** A statement with its parameters. */
export type Statement = { readonly text: string; readonly values?: unknown[] }

/** A row: each column's text, as the server sent it. */
export type Row = readonly (string | null)[]

/** A connection that is in use until it is let go of. */
export type Connection = {
  /** Runs one statement. An error leaves open whether it was carried out; see `mayHaveHappened`. */
  query(statement: Statement): Promise<Row[]>
  /** Gives it back to the pool, or throws it away after an error that it did not survive. */
  release(): void
}

/** The connections of one store. */
export type Connections = {
  /** For messages; holds nothing secret. */
  readonly name: string
  /** Takes a connection for at most `timeoutMs`. When this fails, nothing was sent. */
  acquire(timeoutMs: number): Promise<Connection>
  /** A connection that is kept for NOTIFY, besides the pool's; none where they are not wanted. */
  readonly listener: (() => Promise<Listener>) | undefined
  /** Ends what we opened; a pool that was handed in stays open for its owner. */
  close(): Promise<void>
}

/** A connection that waits for notifications. */
export type Listener = {
  readonly client: PostgresClient & { readonly processID?: number | null }
  readonly end: () => Promise<void>
}

const MAX_CONNECTIONS = 8
const RESPONSE_TIMEOUT_MS = 30_000

/** Prepares connections; none is opened yet. Throws `input-invalid`. */
export function openConnections(options: PostgresEventStoreOptions, connectTimeoutMs: number): Connections {
  const { connectionString, pool: given, responseTimeoutMs = RESPONSE_TIMEOUT_MS, notifications } = options
  if (given !== undefined) {
    const listener = async (): Promise<Listener> => {
      const client = await given.connect()
      return { client, end: async () => client.release(true) }
    }
    return {
      name: 'postgres',
      acquire: (timeoutMs) => acquire(given, timeoutMs, responseTimeoutMs),
      listener: notifications === true ? listener : undefined,
      close: async () => {},
    }
  }
  const { name, ...target } = parseConnectionString(connectionString)
  const config = {
    ...target,
    connectionTimeoutMillis: connectTimeoutMs,
    fallback_application_name: 'infraledger',
    keepAlive: true,
  }
  // Connections that wait in the pool keep no process alive.
  const pool = new Pool({ ...config, max: options.maxConnections ?? MAX_CONNECTIONS, allowExitOnIdle: true })
  // An idle connection that is lost is replaced by the pool; whoever needs one meets the server's state by itself.
  pool.on('error', () => {})
  return {
    name,
    acquire: (timeoutMs) => acquire(pool, timeoutMs, responseTimeoutMs),
    listener: notifications === false ? undefined : () => connectListener(config),
    close: () => pool.end(),
  }
}

async function connectListener(config: ConstructorParameters<typeof Client>[0]): Promise<Listener> {
  const client = new Client(config)
  client.on('error', () => {})
  await client.connect()
  // Waiting for news keeps no process alive. (`unref` is pg's, though its types do not have it.)
  if ('unref' in client && typeof client.unref === 'function') client.unref()
  return { client, end: () => client.end() }
}

async function acquire(pool: PostgresPool, timeoutMs: number, responseTimeoutMs: number): Promise<Connection> {
  const client = await withinTime(pool.connect(), timeoutMs)
  let broken = false
  const ignore = (): void => {
    // A connection that is lost while it is in use fails the statement; without a listener it would end the process.
    broken = true
  }
  client.on('error', ignore)
  return {
    async query(statement) {
      try {
        return await send(client, statement, responseTimeoutMs)
      } catch (error) {
        broken ||= breaksConnection(error)
        throw error
      }
    },
    release() {
      client.off('error', ignore)
      client.release(broken)
    },
  }
}

/** Every value comes as the server's text: what it means is known where it is read. */
const asText = { getTypeParser: () => (text: string) => text }

/** Runs one statement on a client, without a name: a pooler may hand the next one to another session. */
export async function send(client: PostgresClient, statement: Statement, timeoutMs: number): Promise<Row[]> {
  const { rows } = await client.query({ ...statement, rowMode: 'array', types: asText, query_timeout: timeoutMs })
  // With `asText`, pg hands out nothing but text and null.
  return rows as (string | null)[][]
}

/** Waits for a connection that a pool promised. One that comes too late goes back at once. */
async function withinTime<T extends { release(broken?: boolean): void }>(
  connecting: Promise<T>,
  timeoutMs: number,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  let late = false
  const timer = setTimeout(() => {
    late = true
    reject(new Error(`no connection became free within ${Math.round(timeoutMs)} ms`))
  }, timeoutMs)
  connecting
    .then((client) => (late ? client.release() : resolve(client)), reject)
    .finally(() => clearTimeout(timer))
    .catch(() => {})
  return promise
}
