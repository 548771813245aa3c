import { assertPositions, collect, refused, streamWriter } from '@infraledger/testkit'
import { startPostgres, type TestPostgres } from '@infraledger/testkit/postgresql'
import { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openForeignTransaction } from './foreign-transaction.fixture.ts'
import { postgresEventStore } from './postgres-event-store.ts'
import { freshStore, onClient } from './store.fixture.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
})
afterAll(() => server.stop())

/** A store in a database with settings of its own. */
async function storeWith(setting: string, options: { busyTimeoutMs?: number } = {}) {
  const url = await server.databaseUrl()
  const fresh = await freshStore(url, options)
  const database = new URL(url).pathname.slice(1)
  await onClient(url, (client) => client.query(`alter database ${database} set ${setting}`))
  const store = postgresEventStore({ ...options, connectionString: url, schema: fresh.schema })
  const close = () => Promise.all([store.close(), fresh.store.close()])
  return { url, schema: fresh.schema, store, close }
}

test('STORE 19: a full disk answers store-full, nothing is there, and the store works again once there is space', async () => {
  const url = await server.databaseUrl()
  const { store, schema } = await freshStore(url)
  // The server itself says so where it cannot extend a file; here a trigger says it in its place.
  await onClient(url, (client) =>
    client.query(`
      create function full_disk() returns trigger language plpgsql as $$ begin
        raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$;
      create trigger full_disk before insert on ${schema}.events for each row execute function full_disk()`),
  )
  const prod = streamWriter('environment-prod')
  const events = prod.draft(2)
  const error = await refused('store-full', () => store.append('environment-prod', events, 'none'), { appended: 'no' })
  expect(error.retryable).toBe(true)
  expect(await collect(store.readAll())).toEqual([])
  await onClient(url, (client) => client.query(`drop trigger full_disk on ${schema}.events`))
  expect(await store.append('environment-prod', events, 'none')).toMatchObject({ lastRevision: 1, lastPosition: 2n })
  await store.close()
})

test('STORE 37: a store that another transaction holds is waited for, then answers that nothing was written', async () => {
  const url = await server.databaseUrl()
  const { store, schema } = await freshStore(url, { busyTimeoutMs: 200 })
  const foreign = await openForeignTransaction(url, schema)
  await foreign.append('other', streamWriter('other').draft(1), 'none')
  const append = () => streamWriter('environment-prod').append(store, 1)
  const error = await refused('store-unavailable', append, { appended: 'no' })
  expect([error.retryable, error.message.includes('Another transaction')]).toEqual([true, true])
  expect(await collect(store.readAll())).toEqual([])
  await foreign.commit()
  await append()
  assertPositions('dense', await collect(store.readAll()))
  await store.close()
})

test('STORE 37: a pool without a free connection is waited for, then answers that nothing was written', async () => {
  const url = await server.databaseUrl()
  const { store: owner, schema } = await freshStore(url)
  const pool = new Pool({ connectionString: url, max: 1 })
  pool.on('error', () => {})
  const store = postgresEventStore({ pool, schema, busyTimeoutMs: 1_000 })
  const prod = streamWriter('environment-prod')
  await prod.append(store, 1)
  const held = await pool.connect()
  const append = () => store.append('environment-prod', prod.draft(1), 0)
  const error = await refused('store-unavailable', append, { appended: 'no' })
  expect([error.retryable, error.message.includes('no connection became free')]).toEqual([true, true])
  held.release()
  await append()
  await store.close()
  // The pool is its owner's: closing the store left it open.
  await pool.query('select 1')
  await pool.end()
  await owner.close()
})

test('STORE 37: a server that takes no more connections is told as that', async () => {
  const { url, store, close } = await storeWith('work_mem = 4096', { busyTimeoutMs: 500 })
  const database = new URL(url).pathname.slice(1)
  await onClient(server.url, (client) => client.query(`alter database ${database} allow_connections false`))
  const error = await refused('store-unavailable', () => collect(store.readAll()))
  expect(error.message).toContain('not currently accepting connections')
  await onClient(server.url, (client) => client.query(`alter database ${database} allow_connections true`))
  await close()
})

test('STORE 37: a timeout of the server ends an append, which is told as not written', async () => {
  const { url, schema, store, close } = await storeWith(`statement_timeout = '150ms'`)
  const foreign = await openForeignTransaction(url, schema)
  await foreign.append('other', streamWriter('other').draft(1), 'none')
  const append = () => streamWriter('environment-prod').append(store, 1)
  const error = await refused('store-unavailable', append, { appended: 'no' })
  expect([error.retryable, error.message.includes('timeout')]).toEqual([true, true])
  await foreign.rollback()
  await append()
  await close()
})

test('STORE 37: writers that the server lets collide, because transactions are serializable, are tried again', async () => {
  const { url, schema, store, close } = await storeWith(`default_transaction_isolation = 'serializable'`)
  const other = postgresEventStore({ connectionString: url, schema })
  const writing = [store, other].flatMap((each, index) =>
    ['a', 'b'].map(async (name) => {
      const writer = streamWriter(`environment-${name}${index}`)
      for (let round = 0; round < 15; round++) await writer.append(each, 1)
    }),
  )
  await Promise.all(writing)
  const all = await collect(store.readAll())
  expect(all).toHaveLength(60)
  assertPositions('dense', all)
  await other.close()
  await close()
})

test('STORE 37: a database that is read-only says where to go', async () => {
  const { store, close } = await storeWith('default_transaction_read_only = on')
  const append = () => streamWriter('environment-prod').append(store, 1)
  const error = await refused('store-unavailable', append, { appended: 'no' })
  expect(error.message).toContain('connect to the primary')
  expect(await collect(store.readAll())).toEqual([])
  await close()
})
