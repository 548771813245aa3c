import { collect, refused, streamWriter } from '@infraledger/testkit'
import type { AppendFault } from '@infraledger/testkit/eventstoredb'
import { expect, it } from 'vitest'
import { openStore, testServer } from './eventstoredb.fixture.ts'

const FAULTS: readonly AppendFault[] = [
  'connection-lost-before',
  'connection-lost-after',
  'timeout-before',
  'timeout-after',
  'too-busy',
]

it.each(FAULTS)(
  'STORE 40: an append that meets "%s" is written once, and answered as if nothing had been',
  async (fault) => {
    const server = await testServer()
    const store = openStore(server)
    const prod = streamWriter('environment-prod')
    server.faults.failNextAppend(fault)
    expect((await prod.append(store, 3)).lastRevision).toBe(2)
    server.faults.failNextAppend(fault, 2)
    expect((await prod.append(store, 2)).firstRevision).toBe(3)
    const events = await collect(store.readStream('environment-prod'))
    expect(events.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4])
  },
)

it('STORE 40: an append that loses its answer and then the race is a conflict', async () => {
  const server = await testServer()
  const [store, other] = [openStore(server), openStore(server)]
  const prod = streamWriter('environment-prod')
  await prod.append(store)
  const release = server.faults.holdAppends()
  const [mine, theirs] = [prod.draft(1), prod.draft(1)]
  server.faults.failNextAppend('timeout-before')
  const losing = refused('append-conflict', () => store.append('environment-prod', mine, 0), { actual: 1 })
  await expect.poll(() => server.faults.waitingAppends()).toBe(1)
  const winning = other.append('environment-prod', theirs, 0)
  await expect.poll(() => server.faults.waitingAppends()).toBe(2)
  release()
  await Promise.all([losing, winning])
})

it('STORE 40: a server that restarts meanwhile is waited for', async () => {
  const server = await testServer()
  const store = openStore(server)
  const prod = streamWriter('environment-prod')
  await prod.append(store)
  await server.stop()
  const appending = prod.append(store, 2)
  const reading = collect(store.readStream('environment-prod', { limit: 1 }))
  await server.start()
  expect((await appending).lastRevision).toBe(2)
  expect(await reading).toHaveLength(1)
})

it('STORE 41: an append that never reached a server answers store-unavailable, appended: no', async () => {
  const server = await testServer()
  const store = openStore(server, { retryTimeoutMs: 50 })
  await server.stop()
  const prod = streamWriter('environment-prod')
  const error = await refused('store-unavailable', () => prod.append(store), { appended: 'no', store: store.name })
  expect(error.retryable).toBe(true)
  await refused('store-unavailable', () => collect(store.readAll()), { appended: 'no' })
})

it('STORE 41: one that was cut off answers unknown, and repeating it gives the answer that was lost', async () => {
  const server = await testServer()
  const store = openStore(server, { retryTimeoutMs: 50 })
  const prod = streamWriter('environment-prod')
  await prod.append(store)
  const events = prod.draft(2)
  const release = server.faults.holdAppends()
  const appending = refused('store-unavailable', () => store.append('environment-prod', events, 0), {
    appended: 'unknown',
  })
  await expect.poll(() => server.faults.waitingAppends()).toBe(1)
  await server.stop()
  await appending
  release()
  await server.start()
  expect((await store.append('environment-prod', events, 0)).lastRevision).toBe(2)
  expect(await collect(store.readStream('environment-prod'))).toHaveLength(3)
})

it('STORE 41: an append that is not allowed answers appended: no, at once, and says whom to ask', async () => {
  const server = await testServer()
  const store = openStore(server)
  server.faults.deny('write', (stream) => stream.startsWith('infraledger-'))
  const prod = streamWriter('environment-prod')
  const error = await refused('store-unavailable', () => prod.append(store), { appended: 'no' })
  expect(error.retryable).toBe(false)
  expect(error.message).toContain('Check user and password')
})
