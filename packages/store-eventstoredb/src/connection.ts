import { readFileSync } from 'node:fs'
import { EventStoreDBClient, type ChannelCredentialOptions } from '@eventstore/db-client'
import { LedgerError } from '@infraledger/core/adapter'
import { parseConnectionString, type ConnectionOptions, type ConnectionSettings } from './connection-string.ts'
import type { EventStoreDbEventStoreOptions } from './options.ts'

/** A client for everything that is read, one for appends, and how to let go of both. */
export type Connection = {
  readonly client: EventStoreDBClient
  readonly appender: EventStoreDBClient
  /** For messages: the first host, never the credentials. */
  readonly name: string
  /** Ends what is open on a client that we made; one that was handed in stays its owner's. */
  readonly close: () => Promise<void>
}

/** Makes the client that the options name. Nothing is connected before the first call. */
export function connect(options: EventStoreDbEventStoreOptions): Connection {
  if (options.client !== undefined) {
    const { client } = options
    return { client, appender: unary(client), name: 'eventstoredb', close: async () => {} }
  }
  const settings = parseConnectionString(options.connectionString)
  const [first] = settings.hosts
  const name = `eventstoredb:${first?.address}:${first?.port}`
  const client = clientOf(settings, name)
  return { client, appender: unary(client), name, close: () => client.dispose() }
}

/**
 * The same client, but one that appends with a call for each append, and always throws. Its batch append shares one
 * table of pending answers between all clients of a process: when the connection of one breaks, those of all are
 * failed, and an answer that then comes for another one is thrown where nobody can catch it.
 */
function unary(client: EventStoreDBClient): EventStoreDBClient {
  const overridden = { supports: { value: async () => false }, throwOnAppendFailure: { value: true } }
  // A client that differs in two of its members is a client.
  return Object.create(client, overridden) as EventStoreDBClient
}

function clientOf(settings: ConnectionSettings, name: string): EventStoreDBClient {
  const { hosts, discover, credentials, options } = settings
  const [endpoint] = hosts
  if (endpoint === undefined) throw new Error('A connection string without hosts was let through')
  const { connectionName, maxDiscoverAttempts, discoveryInterval, gossipTimeout } = options
  const { keepAliveInterval, keepAliveTimeout, defaultDeadline } = options
  const common = given({ connectionName, keepAliveInterval, keepAliveTimeout, defaultDeadline })
  const cluster = { ...common, ...given({ maxDiscoverAttempts, discoveryInterval, gossipTimeout }) }
  const channel = channelCredentials(options, name)
  if (discover) return new EventStoreDBClient({ ...cluster, discover: endpoint }, channel, credentials)
  if (hosts.length > 1) return new EventStoreDBClient({ ...cluster, endpoints: [...hosts] }, channel, credentials)
  return new EventStoreDBClient({ ...common, endpoint }, channel, credentials)
}

/** TLS is on and the server's certificate is verified, unless the connection string says otherwise. */
function channelCredentials(options: ConnectionOptions, name: string): ChannelCredentialOptions {
  const { tls = true, tlsVerifyCert = true, tlsCaFile, userCertFile, userKeyFile } = options
  if (!tls) return { insecure: true }
  const file = (path: string | undefined): Buffer | undefined =>
    path === undefined ? undefined : contentOf(path, name)
  return given({
    rootCertificate: file(tlsCaFile),
    userCertFile: file(userCertFile),
    userKeyFile: file(userKeyFile),
    verifyOptions: tlsVerifyCert ? undefined : { rejectUnauthorized: false },
  })
}

function contentOf(path: string, store: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    const message = `A certificate file of ${store} cannot be read (${reason}). Check the path in the connection string.`
    throw new LedgerError('store-unavailable', message, { store, appended: 'no' }, { cause: error })
  }
}

/** Leaves out what is undefined, so that the client's own defaults hold. */
function given<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // Only entries that are not undefined are left.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
