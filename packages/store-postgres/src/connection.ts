import { breaksConnection } from './postgres-errors.ts'
import type { PostgresClient, PostgresPool } from './postgres-pool.ts'

/**
 * A statement with its parameters. One that has a name is prepared under it, on connections that lead to the server
 * itself.
 */
export type Statement = { readonly text: string; readonly values?: unknown[]; readonly name?: string }

/** A row: each column's text, as the server sent it. */
export type Row = readonly (string | null)[]

/** A connection that is in use until it is let go of. */
export type Connection = {
  /** Runs one statement. An error leaves open whether it was carried out; see `mayHaveHappened`. */
  query(statement: Statement): Promise<Row[]>
  /** Gives it back to the pool, or throws it away after an error that it did not survive. */
  release(): void
}

/** Takes a connection out of a pool, for at most `timeoutMs`. When this fails, nothing was sent. */
export async function acquire(pool: PostgresPool, timeoutMs: number, responseTimeoutMs: number): Promise<Connection> {
  const client = await withinTime(pool.connect(), timeoutMs)
  let broken = false
  const lost = (): void => {
    // A connection that is lost while it is in use fails the statement; without a listener it would end the process.
    broken = true
  }
  client.on('error', lost)
  return {
    async query({ name, ...statement }) {
      try {
        const named = name !== undefined && (await isDirect(client, responseTimeoutMs))
        return await send(client, named ? { ...statement, name } : statement, responseTimeoutMs)
      } catch (error) {
        broken ||= breaksConnection(error)
        throw error
      }
    },
    release() {
      client.off('error', lost)
      client.release(broken)
    },
  }
}

/** Every value comes as the server's text: what it means is known where it is read. */
const asText = { getTypeParser: () => (text: string) => text }

/** Runs one statement on a client. */
export async function send(client: PostgresClient, statement: Statement, timeoutMs: number): Promise<Row[]> {
  const { rows } = await client.query({ ...statement, rowMode: 'array', types: asText, query_timeout: timeoutMs })
  // With `asText`, pg hands out nothing but text and null.
  return rows as (string | null)[][]
}

const direct = new WeakMap<PostgresClient, boolean>()

/**
 * Whether a connection leads to the server itself. A pooler hands out sessions by transaction, so what a session was told
 * (a prepared statement, LISTEN) is lost on it or, worse, somebody else's. It gives itself away: the process that it
 * claims to be at the start (BackendKeyData) is none of the server's.
 */
export async function isDirect(client: PostgresClient, timeoutMs: number): Promise<boolean> {
  const known = direct.get(client)
  if (known !== undefined) return known
  const [row] = await send(client, { text: 'select pg_backend_pid()' }, timeoutMs)
  const found = Number(row?.[0]) === client.processID
  direct.set(client, found)
  return found
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
