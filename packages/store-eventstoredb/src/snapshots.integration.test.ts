import type { Snapshot } from '@infraledger/core/adapter'
import { collect, streamWriter } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { openStore, testServer } from './eventstoredb.fixture.ts'

const SNAPSHOTS = 'infraledger_snapshots-infraledger-environment-prod'

const snapshot = (revision: number, state = '{}'): Snapshot => ({
  stream: 'environment-prod',
  revision,
  hash: 'f'.repeat(64),
  foldVersion: 1,
  state,
})

it('STORE 46: a snapshot of several megabytes is kept in chunks that the server takes', async () => {
  const server = await testServer()
  const store = openStore(server)
  const state = JSON.stringify('é🙂'.repeat(700_000))
  await store.saveSnapshot(snapshot(4, state))
  expect(server.log.stream(SNAPSHOTS).length).toBeGreaterThan(4)
  expect((await openStore(server).loadSnapshot('environment-prod'))?.state).toBe(state)
})

it('STORE 46: a snapshot that was not completed is not seen, and one that is begun again is whole', async () => {
  const server = await testServer()
  const store = openStore(server, { maxAppendBytes: 64 * 1024, retryTimeoutMs: 0 })
  await store.saveSnapshot(snapshot(4))
  const large = snapshot(9, JSON.stringify('x'.repeat(200_000)))
  server.faults.deny('write', (stream) => stream === SNAPSHOTS && server.log.stream(SNAPSHOTS).length >= 4)
  await expect(store.saveSnapshot(large)).rejects.toThrow('Check user and password')
  const again = openStore({ connectionString: server.connectionString }, { maxAppendBytes: 64 * 1024 })
  expect((await again.loadSnapshot('environment-prod'))?.revision).toBe(4)
  server.faults.allow()
  await again.saveSnapshot(large)
  expect(await again.loadSnapshot('environment-prod')).toEqual(large)
})

it('STORE 46: savers at the same time leave the newest one', async () => {
  const server = await testServer()
  const stores = [1, 2, 3].map(() => openStore(server))
  await Promise.allSettled(stores.map((store, index) => store.saveSnapshot(snapshot(5 + index))))
  const kept = await openStore(server).loadSnapshot('environment-prod')
  expect(kept?.revision).toBe(7)
})

it('STORE 46: the server drops what is older, and snapshots are no events', async () => {
  const server = await testServer()
  const store = openStore(server)
  for (const revision of [1, 2, 3]) await store.saveSnapshot(snapshot(revision))
  const metadata = server.log.stream(`$$${SNAPSHOTS}`).at(-1)
  expect(Buffer.from(metadata?.data ?? []).toString('utf8')).toBe('{"$tb":4}')
  expect(await collect(store.readAll())).toEqual([])
})

it('STORE 46: with a snapshot go the ids of its stream, so a first append reads only what came after it', async () => {
  const server = await testServer()
  const first = openStore(server)
  const prod = streamWriter('environment-prod')
  const { events, ...answer } = await prod.append(first, 500)
  await first.saveSnapshot({ ...snapshot(499), hash: events.at(-1)?.hash ?? '' })
  await prod.append(first, 2)

  const second = openStore(server)
  await second.loadSnapshot('environment-prod')
  const before = server.traffic().eventsSent
  await prod.append(second, 1)
  expect(server.traffic().eventsSent - before).toBeLessThan(10)
  expect(await second.append('environment-prod', events, 3)).toEqual(answer)
})
