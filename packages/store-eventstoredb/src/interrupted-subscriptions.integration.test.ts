import { assertChained, collect, refused, streamWriter, take } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { openStore, testServer } from './eventstoredb.fixture.ts'

it('STORE 44: a subscription goes on where it was when its connection breaks, with nothing skipped and nothing twice', async () => {
  const server = await testServer()
  const store = openStore(server)
  const prod = streamWriter('environment-prod')
  await prod.append(store, 300)
  const subscription = store.subscribe()[Symbol.asyncIterator]()
  const seen = await take(subscription, 100)
  server.cutConnections()
  seen.push(...(await take(subscription, 200)))
  for (let round = 0; round < 3; round++) {
    const next = take(subscription, 2)
    server.cutConnections()
    await prod.append(store, 2)
    seen.push(...(await next))
  }
  assertChained(seen)
  expect(seen).toHaveLength(306)
  await subscription.return?.()
})

it('STORE 44: a subscription waits for a server that restarts, and what was written meanwhile is given', async () => {
  const server = await testServer()
  const store = openStore(server)
  const prod = streamWriter('environment-prod')
  await prod.append(store, 1)
  const subscription = store.subscribe()[Symbol.asyncIterator]()
  await take(subscription, 1)
  const next = take(subscription, 3)
  await server.stop()
  await server.start()
  await prod.append(store, 3)
  expect((await next).map(({ revision }) => revision)).toEqual([1, 2, 3])
  await subscription.return?.()
})

it('STORE 44: behind ten thousand events of others it begins again at the last checkpoint', async () => {
  const server = await testServer()
  const store = openStore(server)
  const prod = streamWriter('environment-prod')
  await prod.append(store, 1)
  const noise = Array.from({ length: 10_000 }, (_, index) => ({
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    type: 'Noise',
    contentType: 'application/octet-stream',
    data: new Uint8Array(),
    metadata: new Uint8Array(),
  }))
  server.log.append('noise', noise)
  const subscription = store.subscribe()[Symbol.asyncIterator]()
  await take(subscription, 1)
  const next = take(subscription, 1)
  await expect.poll(() => server.traffic().subscriptions.some(({ caughtUp }) => caughtUp)).toBe(true)
  server.cutConnections()
  await prod.append(store, 1)
  await next
  expect(server.traffic().subscriptions.at(-1)?.startedBehind).toBe(server.log.stream('noise').at(-1)?.position)
  await subscription.return?.()
})

it('STORE 44: nothing comes twice from a server whose checkpoints lie before the event that they name', async () => {
  const server = await testServer({ zeroPrepareCheckpoints: true })
  const store = openStore(server)
  const prod = streamWriter('environment-prod')
  await prod.append(store, 3)
  const subscription = store.subscribe()[Symbol.asyncIterator]()
  const seen = await take(subscription, 3)
  for (let round = 0; round < 3; round++) {
    const next = take(subscription, 1)
    await expect.poll(() => server.traffic().subscriptions.at(-1)?.caughtUp).toBe(true)
    server.cutConnections()
    await prod.append(store, 1)
    seen.push(...(await next))
  }
  expect(seen.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5])
  expect(await collect(store.readAll())).toHaveLength(6)
  await subscription.return?.()
})

it('STORE 44: a server that stays away ends the subscription with store-unavailable', async () => {
  const server = await testServer()
  const store = openStore(server, { retryTimeoutMs: 50 })
  await streamWriter('environment-prod').append(store, 1)
  const subscription = store.subscribe()[Symbol.asyncIterator]()
  await take(subscription, 1)
  const next = refused('store-unavailable', () => subscription.next())
  await server.stop()
  await next
})

it('STORE 44: what may not be read ends a subscription at once', async () => {
  const server = await testServer()
  const store = openStore(server)
  server.faults.deny('read', (stream) => stream === '$all')
  await refused('store-unavailable', () => collect(store.subscribe()))
})

it('a position at which no event begins is a place to start from all the same', async () => {
  const server = await testServer()
  const store = openStore(server)
  const prod = streamWriter('environment-prod')
  await prod.append(store, 3)
  const [first, second] = await collect(store.readAll())
  const between = ((first?.position ?? 0n) + (second?.position ?? 0n)) / 2n
  expect((await collect(store.readAll({ after: between }))).map(({ revision }) => revision)).toEqual([1, 2])
})
