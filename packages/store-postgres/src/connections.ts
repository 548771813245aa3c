import { Client, Pool } from 'pg'
import { acquire, type Connection } from './connection.ts'
import { parseConnectionString } from './connection-string.ts'
import type { PostgresEventStoreOptions } from './options.ts'
import type { PostgresClient } from './postgres-pool.ts'

/** The connections of one store. */
export type Connections = {
  /** For messages; holds nothing secret. */
  readonly name: string
  /** Takes a connection for at most `timeoutMs`. When this fails, nothing was sent. */
  acquire(timeoutMs: number): Promise<Connection>
  /** A connection that is kept for NOTIFY, besides the pool's; none where they are not wanted. */
  readonly listener: (() => Promise<Listener>) | undefined
  /** Whether other processes are told of appends. */
  readonly announces: boolean
  /** Ends what we opened; a pool that was handed in stays open for its owner. */
  close(): Promise<void>
}

/** A connection that waits for notifications. */
export type Listener = { readonly client: PostgresClient; readonly end: () => Promise<void> }

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
      announces: notifications !== false,
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
    announces: notifications !== false,
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
