import type { Pool, PoolConfig } from 'pg'
import { LedgerError } from '@infraledger/core/adapter'

/** Connections of one projection: one for its transaction, the others for signs of life and claims. */
const CONNECTIONS = 3
const CONNECT_TIMEOUT_MS = 10_000

/** A pool, what it is called in messages, and how to let go of it. */
export type Connection = { readonly pool: Pool; readonly name: string; readonly close: () => Promise<void> }

/** Opens a pool for a connection string, or takes over one that is handed in and stays its owner's to close. */
export async function connect(
  given: { readonly connectionString: string } | { readonly pool: Pool },
): Promise<Connection> {
  if ('pool' in given) return { pool: given.pool, name: 'postgresql', close: async () => {} }
  const { default: pg } = await import('pg')
  const { connectionString } = given
  const config: PoolConfig = {
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'infraledger project',
  }
  const pool = new pg.Pool({ connectionString, ...config, ...encryption(connectionString) })
  // A connection that breaks while it is idle is replaced when the next one is needed.
  pool.on('error', () => {})
  return { pool, name: nameOf(connectionString), close: () => pool.end() }
}

/** Host and database of a connection string: what may stand in a message. Throws `input-invalid` for what is no such string. */
export function nameOf(connectionString: string): string {
  const url = parse(connectionString)
  return `postgresql:${url.host}${url.pathname}`
}

/** Over a network the server has to prove who it is, unless the connection string says otherwise (`sslmode`). */
function encryption(connectionString: string): Pick<PoolConfig, 'ssl'> {
  const { hostname, searchParams } = parse(connectionString)
  const isLocal = ['', 'localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return isLocal || searchParams.has('sslmode') || searchParams.has('ssl') ? {} : { ssl: { rejectUnauthorized: true } }
}

function parse(connectionString: string): URL {
  const url = /^postgres(?:ql)?:\/\//.test(connectionString) ? URL.parse(connectionString) : null
  // An @, / or # of a password that is not escaped ends up in the wrong part, from where it would be told as a name.
  const isWhole = url !== null && url.hash === '' && !/[/@:]/.test(url.pathname.slice(1)) && !url.search.includes('@')
  if (isWhole) return url
  // The string itself is left out: it holds a password.
  const problem = 'must be a URL that begins with postgresql://; in a password, @ is written as %40, / as %2F'
  throw new LedgerError('input-invalid', `the connection string ${problem}`, {
    what: 'connectionString',
    issues: [{ path: '', problem }],
  })
}
