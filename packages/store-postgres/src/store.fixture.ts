import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import type { PostgresEventStoreOptions } from './options.ts'
import { postgresEventStore, type PostgresEventStore } from './postgres-event-store.ts'

/** The options of a store, without where it is. */
type Options = Omit<
  Extract<PostgresEventStoreOptions, { connectionString: string }>,
  'connectionString' | 'pool' | 'schema'
>

/** A migrated store in a schema of its own. */
export async function freshStore(
  connectionString: string,
  options: Options = {},
): Promise<{ readonly store: PostgresEventStore; readonly schema: string }> {
  const schema = `ledger_${randomBytes(4).toString('hex')}`
  const store = postgresEventStore({ ...options, connectionString, schema })
  await store.migrate()
  return { store, schema }
}

/** Connects as somebody else would, runs `work` and leaves. */
export async function onClient<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
