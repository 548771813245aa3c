import { assertChained, assertPositions, collect, streamWriter, take } from '@infraledger/testkit'
import { startPostgres, type TestPostgres } from '@infraledger/testkit/postgresql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgresEventStore } from './postgres-event-store.ts'
import { freshStore, onClient } from './store.fixture.ts'
import { transactionPooler } from './transaction-pooler.fixture.ts'

let server: TestPostgres
let url: string
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
  url = await server.databaseUrl()
})
afterAll(() => server.stop())

const ROUNDS = 10

test('STORE 33: a pooler that hands out sessions by transaction may stand before the server', async () => {
  const pooler = await transactionPooler(url, 3)
  const store = postgresEventStore({ connectionString: pooler.url, pollIntervalMs: 20 })
  await store.migrate()
  const following = take(store.subscribe()[Symbol.asyncIterator](), 4 * ROUNDS * 2)
  await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (name) => {
      const writer = streamWriter(`environment-${name}`)
      for (let round = 0; round < ROUNDS; round++) {
        await writer.append(store, 2)
        expect(await collect(store.readStream(writer.stream))).toHaveLength((round + 1) * 2)
      }
    }),
  )
  const all = await collect(store.readAll())
  expect(all).toHaveLength(4 * ROUNDS * 2)
  assertPositions('dense', all)
  assertChained(all)
  expect(await following).toEqual(all)
  await store.close()
  expect(pooler.switches()).toBeGreaterThan(10)
  expect(pooler.sessionState).toEqual([])
  await pooler.close()
})

test('STORE 33: what is told to a session is told only where the connection leads to the server itself', async () => {
  const { store } = await freshStore(url)
  await streamWriter('environment-prod').append(store, 1)
  const abort = new AbortController()
  const following = collect(store.subscribe({ signal: abort.signal }))
  const listening = `select count(*)::int as count from pg_stat_activity where query like 'listen%'`
  await expect.poll(() => onClient(url, async (client) => (await client.query(listening)).rows)).toEqual([{ count: 1 }])
  abort.abort()
  await following
  await expect.poll(() => onClient(url, async (client) => (await client.query(listening)).rows)).toEqual([{ count: 0 }])
  await store.close()
})

test('STORE 36: another process is woken by a notification long before it would look by itself', async () => {
  const { store: writer, schema } = await freshStore(url)
  const reader = postgresEventStore({ connectionString: url, schema, pollIntervalMs: 600_000 })
  const events = reader.subscribe()[Symbol.asyncIterator]()
  const prod = streamWriter('environment-prod')
  for (const position of [1n, 2n, 3n]) {
    const next = events.next()
    // The listener may not be there yet when the first one is announced; then it looks when it is.
    await prod.append(writer, 1)
    expect((await next).value?.position).toBe(position)
  }
  await events.return?.()
  await Promise.all([writer.close(), reader.close()])
})

test('STORE 36: where notifications are off, another process is seen by looking', async () => {
  const { store: writer, schema } = await freshStore(url, { notifications: false })
  const reader = postgresEventStore({ connectionString: url, schema, pollIntervalMs: 10, notifications: false })
  const following = take(reader.subscribe()[Symbol.asyncIterator](), 3)
  await streamWriter('environment-prod').append(writer, 3)
  expect((await following).map(({ position }) => position)).toEqual([1n, 2n, 3n])
  await Promise.all([writer.close(), reader.close()])
})
