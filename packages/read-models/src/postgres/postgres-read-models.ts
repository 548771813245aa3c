import type { ClientBase, Pool } from 'pg'
import { LedgerError } from '@infraledger/core/adapter'
import type { OpenReadModels, ReadModels } from '../read-models.ts'
import { quoted } from '../sql/conditions.ts'
import { PROJECTION_VERSION } from '../tables/catalogue.ts'
import { connect, nameOf } from './connection.ts'
import { postgresError } from './errors.ts'
import { prepareSchema, versionOf } from './prepare.ts'
import { swapTables } from './swap.ts'
import { postgresTransaction } from './transaction.ts'
import { postgresWorkers } from './workers.ts'

/** How to keep read models in PostgreSQL: a connection string, or a pool of `pg` that is handed in and stays its owner's to close. */
export type PostgresReadModelsOptions = ({ readonly connectionString: string } | { readonly pool: Pool }) & {
  /** The schema that the tables are in, made if it is missing. Default: `infraledger`. */
  readonly schema?: string
}

const DEFAULT_SCHEMA = 'infraledger'
/** A name that needs no quotes in psql, and leaves room for `_next` within PostgreSQL's 63 bytes. */
const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,55}$/

/**
 * Read models in a schema of PostgreSQL (12 or later), for psql and BI. What is built beside is in `<schema>_next` until it is swapped.
 * Needs the optional peer `pg`.
 *
 * @example
 * await projectLedger({ store, target: postgresReadModels({ connectionString: 'postgresql://reports@db.example.com/reports' }) })
 */
export function postgresReadModels(options: PostgresReadModelsOptions): ReadModels {
  const { schema = DEFAULT_SCHEMA } = options
  if (!SCHEMA_NAME.test(schema)) {
    throw new LedgerError(
      'input-invalid',
      `"${schema}" cannot be the schema of read models: small letters, digits and _, at most 56`,
      {
        what: 'schema',
        issues: [{ path: 'schema', problem: `must match ${String(SCHEMA_NAME)}` }],
      },
    )
  }
  const name = `${'pool' in options ? 'postgresql' : nameOf(options.connectionString)}/${schema}`
  return {
    name,
    async open({ rebuilding = false } = {}) {
      const { pool, close } = await connect(options)
      try {
        return await openSchema({ pool, schema, name, close }, rebuilding)
      } catch (error) {
        await close()
        throw error
      }
    },
  }
}

type Place = {
  readonly pool: Pool
  readonly schema: string
  readonly name: string
  readonly close: () => Promise<void>
}

async function openSchema(place: Place, rebuilding: boolean): Promise<OpenReadModels> {
  const { pool, schema, name, close } = place
  const beside = `${schema}_next`
  const within = <T>(work: (client: ClientBase) => Promise<T>): Promise<T> => inTransaction(pool, name, work)
  await within((client) => prepareSchema(client, schema, name, rebuilding))
  const drop = (): Promise<unknown> =>
    within((client) => client.query(`drop schema if exists ${quoted(beside)} cascade`))
  return {
    name,
    transaction: (work) => within((client) => work(postgresTransaction(client, schema))),
    checkpoints: () =>
      within(async (client) =>
        (await versionOf(client, schema)) === PROJECTION_VERSION
          ? postgresTransaction(client, schema).select('checkpoints', {})
          : [],
      ),
    workers: postgresWorkers(pool, schema, name),
    async beside({ fresh = false } = {}) {
      const version = await within((client) => versionOf(client, beside))
      if (fresh || version !== PROJECTION_VERSION) await drop()
      return openSchema({ pool, schema: beside, name: `${name}_next`, close: async () => {} }, false)
    },
    swap: (ignoring) => within((client) => swapTables(client, schema, beside, name, ignoring)),
    dropBeside: async () => void (await drop()),
    close,
  }
}

// For connections that nobody asks anything of at the moment.
function ignore(): void {}

async function inTransaction<T>(pool: Pool, name: string, work: (client: ClientBase) => Promise<T>): Promise<T> {
  try {
    const client = await pool.connect()
    // A connection that breaks between two queries is told by the next one; without a listener it would end the process.
    client.on('error', ignore)
    let broken: boolean | undefined
    try {
      await client.query('begin')
      const result = await work(client)
      await client.query('commit')
      return result
    } catch (error) {
      // A connection that cannot even roll back is not given to anybody else.
      await client.query('rollback').catch(() => (broken = true))
      throw error
    } finally {
      client.off('error', ignore)
      client.release(broken)
    }
  } catch (error) {
    throw postgresError(error, name)
  }
}
