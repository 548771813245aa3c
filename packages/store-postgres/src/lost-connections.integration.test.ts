import { assertChained, assertPositions, collect, refused, streamWriter } from '@infraledger/testkit'
import { startPostgres, type TestPostgres } from '@infraledger/testkit/postgresql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openForeignTransaction } from './foreign-transaction.fixture.ts'
import { postgresEventStore } from './postgres-event-store.ts'
import { freshStore, onClient } from './store.fixture.ts'
import { tcpProxy, type Cut } from './tcp-proxy.fixture.ts'

let server: TestPostgres
let url: string
beforeAll(async () => {
  server = await startPostgres({ own: true, fsync: false })
  url = await server.databaseUrl()
})
afterAll(() => server.stop())

/** A store whose connections, one at a time, lead through a proxy. */
async function proxiedStore(options: { busyTimeoutMs?: number; responseTimeoutMs?: number } = {}) {
  const { store: owner, schema } = await freshStore(url)
  const proxy = await tcpProxy(url)
  const store = postgresEventStore({
    ...options,
    connectionString: proxy.url,
    schema,
    maxConnections: 1,
    notifications: false,
  })
  const close = async (): Promise<void> => {
    await Promise.all([store.close(), owner.close()])
    await proxy.close()
  }
  return { store, owner, schema, proxy, close }
}

describe('an append whose connection is lost', () => {
  test('STORE 38: at whichever byte, is answered as if nothing had happened, and written once', async () => {
    const { store, proxy, close } = await proxiedStore({ busyTimeoutMs: 20_000 })
    const prod = streamWriter('environment-prod')
    await prod.append(store, 1)
    proxy.arm(undefined)
    await prod.append(store, 1)
    const places = (side: Cut['side'], step: number): Cut[] => {
      const last = proxy.sent(side)
      const bytes = Array.from({ length: last }, (_, index) => index + 1)
      return bytes
        .filter((count) => count % step === 0 || count < 8 || count > last - 8)
        .map((count) => ({ side, bytes: count }))
    }
    const cuts = [...places('server', 3), ...places('client', 29)]
    expect(cuts.length).toBeGreaterThan(40)
    let revision = 1
    for (const cut of cuts) {
      proxy.arm(cut)
      const answer = await prod.append(store, 1)
      revision += 1
      expect(answer.lastRevision, JSON.stringify(cut)).toBe(revision)
      proxy.arm(undefined)
    }
    const all = await collect(store.readAll())
    expect(all).toHaveLength(revision + 1)
    assertPositions('dense', all)
    assertChained(all)
    await close()
  })

  test('STORE 38: is told as unknown when the server stays away, and is written once when it is repeated', async () => {
    const { store, owner, schema, proxy, close } = await proxiedStore({ busyTimeoutMs: 300 })
    const prod = streamWriter('environment-prod')
    await prod.append(store, 1)
    const events = prod.draft(2)
    // Somebody holds the store, so that the append has arrived and is not committed yet.
    const foreign = await openForeignTransaction(url, schema)
    await foreign.append('other', streamWriter('other').draft(1), 'none')
    const appending = refused('store-unavailable', () => store.append('environment-prod', events, 0), {
      appended: 'unknown',
    })
    await expect.poll(() => waiting(schema)).toBe(1)
    proxy.block(true)
    expect((await appending).retryable).toBe(true)
    await foreign.rollback()

    proxy.block(false)
    const answer = await store.append('environment-prod', events, 0)
    expect(answer).toMatchObject({ firstRevision: 1, lastRevision: 2 })
    expect(await collect(owner.readAll())).toHaveLength(3)
    await close()
  })

  test('STORE 38: is told as not written when the server could not be reached at all', async () => {
    const { store, proxy, close } = await proxiedStore({ busyTimeoutMs: 200 })
    const prod = streamWriter('environment-prod')
    await prod.append(store, 1)
    proxy.block(true)
    // Finds out that the connection it has is gone.
    await refused('store-unavailable', () => store.loadSnapshot('environment-prod'))
    const append = () => store.append('environment-prod', prod.draft(1), 0)
    const error = await refused('store-unavailable', append, { appended: 'no' })
    expect(error.retryable).toBe(true)
    await close()
  })

  test('STORE 38: to a server that vanished without a word goes on after the response timeout', async () => {
    const { store, proxy, close } = await proxiedStore({ busyTimeoutMs: 20_000, responseTimeoutMs: 1_000 })
    const prod = streamWriter('environment-prod')
    await prod.append(store, 1)
    proxy.freeze()
    expect((await prod.append(store, 1)).lastRevision).toBe(1)
    await close()
  })

  test('STORE 38: because its session was terminated or the server crashed, is made again', async () => {
    const { store, schema } = await freshStore(url, { busyTimeoutMs: 20_000 })
    const prod = streamWriter('environment-prod')
    await prod.append(store, 1)
    const foreign = await openForeignTransaction(url, schema)
    await foreign.append('other', streamWriter('other').draft(1), 'none')
    const appending = prod.append(store, 1)
    await expect.poll(() => waiting(schema)).toBe(1)
    await onClient(url, (client) =>
      client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where query like $1 and wait_event_type = 'Lock'`,
        [`%${schema}%`],
      ),
    )
    await expect.poll(() => waiting(schema)).toBe(1)
    await server.restart({ crash: true })
    expect((await appending).lastRevision).toBe(1)
    const all = await collect(store.readAll())
    expect(all).toHaveLength(2)
    assertPositions('dense', all)
    await store.close()
  })
})

test('STORE 31: reads and subscriptions go on where they were when the server is restarted', async () => {
  const { store } = await freshStore(url, { busyTimeoutMs: 20_000, pollIntervalMs: 20 })
  const prod = streamWriter('environment-prod')
  await prod.append(store, 3)
  const ended = new AbortController()
  const seen: bigint[] = []
  const following = (async () => {
    for await (const { position } of store.subscribe({ signal: ended.signal })) seen.push(position)
  })()
  await expect.poll(() => seen).toEqual([1n, 2n, 3n])
  await server.restart()
  await prod.append(store, 2)
  expect(await collect(store.readAll())).toHaveLength(5)
  await expect.poll(() => seen, { timeout: 10_000 }).toEqual([1n, 2n, 3n, 4n, 5n])
  ended.abort()
  await following
  await store.close()
})

test('STORE 31: a subscription that cannot even begin says so', async () => {
  const store = postgresEventStore({
    connectionString: 'postgres://ada:secret@127.0.0.1:1/nowhere',
    busyTimeoutMs: 100,
  })
  const error = await refused('store-unavailable', () => collect(store.subscribe()))
  expect(error.retryable).toBe(true)
  await store.close()
})

test('STORE 31: a standby reads and refuses appends, until it is promoted', async () => {
  const { store } = await freshStore(url)
  const prod = streamWriter('environment-prod')
  await prod.append(store, 1)
  await server.restart({ standby: true })
  expect(await collect(store.readAll())).toHaveLength(1)
  const append = () => store.append('environment-prod', prod.draft(1), 0)
  const error = await refused('store-unavailable', append, { appended: 'no' })
  expect(error.retryable).toBe(true)
  expect(error.message).toContain('connect to the primary')
  await onClient(url, (client) => client.query('select pg_promote()'))
  expect((await prod.append(store, 1)).lastRevision).toBe(1)
  await store.close()
})

/** How many sessions wait for a lock on a schema's tables. */
async function waiting(schema: string): Promise<number> {
  return onClient(url, async (client) => {
    const text = `select count(*)::int as count from pg_stat_activity where query like $1 and wait_event_type = 'Lock'`
    const { rows } = await client.query<{ count: number }>(text, [`%${schema}%append_event%`])
    return rows[0]?.count ?? 0
  })
}
