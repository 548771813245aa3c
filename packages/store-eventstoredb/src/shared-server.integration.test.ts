import { randomUUID } from 'node:crypto'
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import { collect, eventId, refused, streamWriter, take } from '@infraledger/testkit'
import type { EventStoreDbServer } from '@infraledger/testkit/eventstoredb'
import { expect, it, onTestFinished } from 'vitest'
import { eventStoreDbEventStore } from './eventstoredb-event-store.ts'
import { openStore, testServer } from './eventstoredb.fixture.ts'

function otherClient(server: EventStoreDbServer): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(server.connectionString)
  onTestFinished(() => client.dispose())
  return client
}

const event = (type = 'OrderPlaced', data: Record<string, unknown> = { order: 7 }) => jsonEvent({ type, data })

it('STORE 42: what others keep on the server is not ours: neither streams nor events of a type that we know', async () => {
  const server = await testServer()
  const others = otherClient(server)
  const store = openStore(server)
  const second = openStore(server, { streamPrefix: 'staging.ledger-' })
  const prod = streamWriter('environment-prod')
  await others.appendToStream('order-7', [event(), event('ThingHappened')])
  await prod.append(store, [{ type: 'ThingHappened' }, { type: 'Other' }])
  await streamWriter('environment-prod').append(second, 1)
  await others.appendToStream('infraledgerXenvironment-prod', [event('ThingHappened')])
  const following = store.subscribe()[Symbol.asyncIterator]()
  expect(await collect(store.readAll())).toHaveLength(2)
  expect(await collect(store.readAll({ types: ['ThingHappened'] }))).toHaveLength(1)
  expect(await collect(second.readAll())).toHaveLength(1)
  expect((await take(following, 2)).map(({ type }) => type)).toEqual(['ThingHappened', 'Other'])
  await following.return?.()
})

it('STORE 42: an event in one of our streams that we did not write is refused with its place', async () => {
  const server = await testServer()
  const store = openStore(server)
  const prod = streamWriter('environment-prod')
  await prod.append(store, 1)
  await otherClient(server).appendToStream('infraledger-environment-prod', [event()])
  const error = await refused('store-foreign', () => collect(store.readStream('environment-prod')))
  expect(error.message).toContain('event 1 of stream infraledger-environment-prod (OrderPlaced)')
  await refused('store-foreign', () => collect(store.readAll()))
  await refused('store-foreign', () => collect(store.subscribe()))
})

it('STORE 42: an event in a format of a newer version is refused', async () => {
  const server = await testServer()
  const metadata = { infraledger: 2, schemaVersion: 1, recordedAt: '', previousHash: '', hash: '', metadata: {} }
  await otherClient(server).appendToStream('infraledger-a', [jsonEvent({ type: 'T', data: {}, metadata })])
  await refused('store-newer-than-library', () => collect(openStore(server).readAll()), { version: 2, supported: 1 })
})

it.each([
  ['$maxCount', { maxCount: 2 }],
  ['$tb', { truncateBefore: 1 }],
])('STORE 43: a stream that %s has cut short is damaged, not shorter', async (_, metadata) => {
  const server = await testServer()
  const store = openStore(server)
  const prod = streamWriter('environment-prod')
  await prod.append(store, 5)
  await otherClient(server).setStreamMetadata('infraledger-environment-prod', metadata)
  const error = await refused('store-damaged', () => collect(store.readStream('environment-prod')))
  expect(error.message).toContain('lacks revision 0')
  await refused('store-damaged', () => openStore(server).append('environment-prod', prod.draft(1), 4))
})

it('STORE 43: a stream that somebody deleted is not begun again in its place', async () => {
  const server = await testServer()
  const store = openStore(server)
  const [soft, hard] = [streamWriter('soft'), streamWriter('hard')]
  for (const writer of [soft, hard]) await writer.append(store, 2)
  const others = otherClient(server)
  await others.deleteStream('infraledger-soft')
  await others.tombstoneStream('infraledger-hard')
  const again = openStore(server)
  await refused('store-damaged', () => again.append('soft', streamWriter('soft').draft(1), 'none'))
  await refused('store-damaged', () => again.append('hard', streamWriter('hard').draft(1), 'none'))
  await refused('store-damaged', () => collect(again.readStream('hard')))
  expect(server.log.stream('infraledger-soft')).toHaveLength(2)
})

it('STORE 4: an id that another process used is refused, though the server takes it for a repetition', async () => {
  const server = await testServer()
  const [store, other] = [openStore(server), openStore(server)]
  const id = eventId()
  const [mine, theirs] = [streamWriter('a'), streamWriter('a')]
  await theirs.append(other, [{ id, data: '"theirs"' }])
  await refused('event-id-reused', () => mine.append(store, [{ id, data: '"mine"' }]), { stream: 'a', id })
})

it('an id that is no UUID is refused, for the server keeps nothing else', async () => {
  const store = openStore(await testServer())
  await refused('input-invalid', () => streamWriter('a').append(store, [{ id: 'first' }]))
  await refused('input-invalid', () => streamWriter('a').append(store, [{ id: randomUUID().toUpperCase() }]))
})

it('a client that is handed in stays open for its owner', async () => {
  const server = await testServer()
  const client = otherClient(server)
  const store = eventStoreDbEventStore({ client })
  await streamWriter('a').append(store)
  await store.close()
  await client.appendToStream('order-7', [event()])
  expect(server.log.stream('order-7')).toHaveLength(1)
})
