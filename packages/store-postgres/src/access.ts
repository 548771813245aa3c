import { storeClosed } from '@infraledger/core/adapter'
import type { Connection, Row, Statement } from './connection.ts'
import type { Connections } from './connections.ts'
import type { Look } from './event-reads.ts'
import { retryThroughOutages } from './outage-retry.ts'
import { storeError } from './postgres-errors.ts'
import { checkSchema, checkServer } from './schema-check.ts'

/** How statements other than appends get to the server. All errors are translated. */
export type Access = {
  /** Fails when the server, or the schema, cannot be used; asks only until it could be once. */
  readonly ready: () => Promise<void>
  /** Runs a statement that may be run again, on the open store, until it gets through. */
  readonly look: Look
  /** The same, but fails at once where the server is away. */
  readonly lookOnce: Look
  /** Does something on one connection, whether or not the schema is there; afterwards it is looked at again. */
  readonly setUp: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>
}

type AccessOptions = {
  readonly connections: Connections
  readonly schema: string
  readonly busyTimeoutMs: number
  readonly closed: () => boolean
}

/** Makes the access of one store. */
export function access({ connections, schema, busyTimeoutMs, closed }: AccessOptions): Access {
  const { name } = connections
  let readiness: Promise<void> | undefined

  async function onConnection<T>(work: (connection: Connection) => Promise<T>, timeoutMs = busyTimeoutMs): Promise<T> {
    const connection = await connections.acquire(timeoutMs)
    try {
      return await work(connection)
    } finally {
      connection.release()
    }
  }
  async function check(connection: Connection): Promise<void> {
    await checkServer(connection, name)
    await checkSchema(connection, schema, name)
  }
  const assertOpen = (): void => {
    if (closed()) throw storeClosed(name)
  }
  const translated = (error: unknown): never => {
    throw storeError(error, name)
  }
  async function ready(): Promise<void> {
    readiness ??= onConnection(check).catch((error: unknown) => {
      readiness = undefined
      return translated(error)
    })
    return readiness
  }
  const once = (statement: Statement, timeoutMs?: number): Promise<Row[]> =>
    onConnection((connection) => connection.query(statement), timeoutMs)

  return {
    ready,
    async look(statement) {
      assertOpen()
      await ready()
      return retryThroughOutages((remainingMs) => once(statement, remainingMs), busyTimeoutMs).catch(translated)
    },
    async lookOnce(statement) {
      assertOpen()
      await ready()
      return once(statement).catch(translated)
    },
    async setUp(work) {
      assertOpen()
      readiness = undefined
      return onConnection(work).catch(translated)
    },
  }
}
