import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import {
  BACKWARDS,
  binaryEvent,
  END,
  EventStoreDBClient,
  eventTypeFilter,
  excludeSystemEvents,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  NotLeaderError,
  STREAM_EXISTS,
  StreamDeletedError,
  streamNameFilter,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AllStreamResolvedEvent,
  type ResolvedEvent,
} from '@eventstore/db-client'
import shared from '@eventstore/db-client/generated/shared_pb.js'
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import { credentials, status } from '@grpc/grpc-js'
import { describe, expect, it, onTestFinished } from 'vitest'
import { eventStoreDbServer, type EventStoreDbServerOptions } from './eventstoredb-server.ts'
import { empty, streamIdentifier } from './wire-messages.ts'

const event = (type = 'Happened', data: Record<string, unknown> = {}) => jsonEvent({ type, data })

async function started(options?: EventStoreDbServerOptions) {
  const server = await eventStoreDbServer(options)
  const client = EventStoreDBClient.connectionString(server.connectionString)
  onTestFinished(async () => {
    await client.dispose()
    await server.close()
  })
  return { server, client }
}

async function revisions(read: AsyncIterable<ResolvedEvent>): Promise<number[]> {
  const seen: number[] = []
  for await (const resolved of read) seen.push(Number(resolved.event?.revision))
  return seen
}

describe.each([true, false])('appending with batchAppend: %s', (batchAppend) => {
  it('STORE 48: an append lands on the state of the stream that it expects; a conflict names the actual one', async () => {
    const { client } = await started({ batchAppend })
    await client.appendToStream('a', [event(), event()], { expectedRevision: NO_STREAM })
    await client.appendToStream('a', event(), { expectedRevision: 1n })
    await client.appendToStream('a', event(), { expectedRevision: STREAM_EXISTS })
    for (const expectedRevision of [NO_STREAM, 0n, 9n] as const) {
      const conflict = client.appendToStream('a', event(), { expectedRevision })
      await expect(conflict).rejects.toThrow(WrongExpectedVersionError)
      await expect(conflict).rejects.toMatchObject({ actualVersion: 3n, streamName: 'a' })
    }
    const missing = client.appendToStream('b', event(), { expectedRevision: 0n })
    await expect(missing).rejects.toMatchObject({ actualVersion: 'no_stream' })
  })

  it('STORE 48: an append behind the end is repeated when its ids stand there, whatever their content', async () => {
    const { server, client } = await started({ batchAppend })
    const events = [event(), event()]
    const first = await client.appendToStream('a', events, { expectedRevision: NO_STREAM })
    const others = events.map((same) => ({ ...same, data: { other: true } }))
    expect(await client.appendToStream('a', others, { expectedRevision: NO_STREAM })).toEqual(first)
    const half = client.appendToStream('a', [...events, event()], { expectedRevision: NO_STREAM })
    await expect(half).rejects.toThrow(WrongExpectedVersionError)
    await client.appendToStream('a', events, { expectedRevision: 1n })
    expect(server.log.stream('a').map(({ id }) => id)).toEqual([...events, ...events].map(({ id }) => id))
  })

  it('STORE 48: an append over MaxAppendSize is refused, with metadata and type counted in', async () => {
    const { server, client } = await started({ batchAppend, maxAppendBytes: 1_000 })
    const metadata = { text: 'x'.repeat(500) }
    const large = jsonEvent({ type: 'T', data: { text: 'x'.repeat(500) }, metadata })
    await expect(client.appendToStream('a', large)).rejects.toThrow(MaxAppendSizeExceededError)
    await expect(client.appendToStream('a', large)).rejects.toMatchObject({ maxAppendSize: 1_000 })
    expect(server.log.stream('a')).toEqual([])
  })

  it('STORE 48: a node that follows sends those who need the leader to it, and serves the others', async () => {
    const { server: leader } = await started({ batchAppend })
    const { server, client } = await started({ batchAppend, log: leader.log })
    server.follow(leader)
    await client.appendToStream('a', event())
    const append = client.appendToStream('b', event(), { requiresLeader: true })
    // The one long-lived call of batch appends was begun without that wish.
    if (batchAppend) await append
    else await expect(append).rejects.toThrow(NotLeaderError)
    expect(await revisions(client.readStream('a'))).toEqual([0])
  })
})

it('STORE 48: events come back as they went in, with sparse positions that grow', async () => {
  const { client } = await started()
  await client.appendToStream('a', [event('J', { n: 1 }), binaryEvent({ type: 'B', data: Uint8Array.of(0, 255) })])
  const events: ResolvedEvent[] = []
  for await (const resolved of client.readStream('a')) events.push(resolved)
  const [json, binary] = events.map((resolved) => resolved.event)
  expect([json?.data, json?.isJson]).toEqual([{ n: 1 }, true])
  expect([binary?.data, binary?.isJson]).toEqual([Uint8Array.of(0, 255), false])
  expect((binary?.position?.commit ?? 0n) - (json?.position?.commit ?? 0n)).toBeGreaterThan(100n)
})

it('STORE 48: a stream is read both ways, from a revision, and what is missing is not found', async () => {
  const { client } = await started()
  await client.appendToStream(
    'a',
    [1, 2, 3, 4].map(() => event()),
  )
  expect(await revisions(client.readStream('a', { fromRevision: 2n }))).toEqual([2, 3])
  expect(await revisions(client.readStream('a', { direction: BACKWARDS, fromRevision: END, maxCount: 2 }))).toEqual([
    3, 2,
  ])
  expect(await revisions(client.readStream('a', { direction: BACKWARDS, fromRevision: 1n }))).toEqual([1, 0])
  expect(await revisions(client.readStream('a', { fromRevision: 9n }))).toEqual([])
  await expect(revisions(client.readStream('b'))).rejects.toThrow(StreamNotFoundError)
})

it('STORE 48: metadata hides the beginning of a stream, deletion all of it, a tombstone ends it', async () => {
  const { client } = await started()
  await client.appendToStream(
    'a',
    [1, 2, 3, 4].map(() => event()),
  )
  await client.setStreamMetadata('a', { maxCount: 3 })
  expect(await revisions(client.readStream('a'))).toEqual([1, 2, 3])
  await client.setStreamMetadata('a', { truncateBefore: 3 })
  expect(await revisions(client.readStream('a'))).toEqual([3])
  await client.deleteStream('a', { expectedRevision: 3n })
  await expect(revisions(client.readStream('a'))).rejects.toThrow(StreamNotFoundError)
  await client.appendToStream('a', event(), { expectedRevision: NO_STREAM })
  expect(await revisions(client.readStream('a'))).toEqual([4])
  await expect(client.deleteStream('a', { expectedRevision: 9n })).rejects.toThrow(WrongExpectedVersionError)
  await client.tombstoneStream('a')
  await expect(client.appendToStream('a', event())).rejects.toThrow(StreamDeletedError)
  await expect(revisions(client.readStream('a'))).rejects.toThrow(StreamDeletedError)
})

it('STORE 48: the log is read both ways, and only from where an event begins', async () => {
  const { client } = await started()
  await client.appendToStream('a', [event(), event()])
  const seen: AllStreamResolvedEvent[] = []
  for await (const resolved of client.readAll()) seen.push(resolved)
  const own = seen.filter((resolved) => resolved.event?.streamId === 'a')
  expect(seen.length).toBeGreaterThan(own.length)
  const [first, second] = own.map((resolved) => resolved.event?.position)
  if (first === undefined || second === undefined) throw new Error('no positions')
  expect(await revisions(client.readAll({ fromPosition: first }))).toEqual([0, 1])
  const before = client.readAll({ fromPosition: second, direction: BACKWARDS, maxCount: 1 })
  expect(await revisions(before)).toEqual([0])
  const between = { commit: first.commit + 1n, prepare: first.commit + 1n }
  await expect(revisions(client.readAll({ fromPosition: between }))).rejects.toThrow('invalid position')
})

it.each([
  ['a prefix of names', streamNameFilter({ prefixes: ['order-', 'cart-'] }), ['order-1', 'cart-1', 'order-1']],
  ['an expression on types', eventTypeFilter({ regex: '^(?:Placed)$' }), ['order-1', 'order-1']],
  ['no events of the system', excludeSystemEvents(), ['order-1', 'cart-1', 'other', 'order-1']],
])('STORE 48: a subscription filtered by %s gives history, says so, and goes on live', async (_, filter, streams) => {
  const { client } = await started()
  await client.appendToStream('order-1', event('Placed'))
  await client.appendToStream('cart-1', event('Filled'))
  await client.appendToStream('other', event('Other'))
  const seen: string[] = []
  const subscription = client.subscribeToAll({ filter })
  subscription.on('data', (resolved: AllStreamResolvedEvent) => seen.push(resolved.event?.streamId ?? ''))
  await new Promise<void>((resolve) => subscription.on('caughtUp', resolve))
  await client.appendToStream('order-1', event('Placed'))
  await expect.poll(() => seen).toEqual(streams)
  await subscription.unsubscribe()
})

it('STORE 48: a filtered subscription is told how far the server has looked', async () => {
  const { server, client } = await started()
  await client.appendToStream(
    'other',
    Array.from({ length: 100 }, () => event()),
  )
  const checkpoints: bigint[] = []
  const filter = streamNameFilter({
    prefixes: ['none'],
    maxSearchWindow: 10,
    checkpointInterval: 3,
    checkpointReached: (_, { commit }) => void checkpoints.push(commit),
  })
  const subscription = client.subscribeToAll({ filter })
  subscription.resume()
  await new Promise<void>((resolve) => subscription.on('caughtUp', resolve))
  const { records } = server.log
  expect(checkpoints).toEqual([29, 59, 89, records.length - 1].map((index) => records[index]?.position))
  await subscription.unsubscribe()
})

it('STORE 48: a subscription to one stream gives it from behind a revision on', async () => {
  const { client } = await started()
  await client.appendToStream('a', [event(), event(), event()])
  const seen: number[] = []
  const subscription = client.subscribeToStream('a', { fromRevision: 0n })
  subscription.on('data', (resolved: ResolvedEvent) => seen.push(Number(resolved.event?.revision)))
  await client.appendToStream('b', event())
  await client.appendToStream('a', event())
  await expect.poll(() => seen).toEqual([1, 2, 3])
  await subscription.unsubscribe()
})

it('STORE 48: of an append that is cut off halfway nothing is written', async () => {
  const { server, client } = await started()
  const { address, port } = server.address
  const half = new streamsService.StreamsClient(`${address}:${port}`, credentials.createInsecure())
  await promisify(half.waitForReady.bind(half))(Infinity)
  let told: number | undefined
  const call = half.append((error) => (told = error?.code))
  const options = new streams.AppendReq.Options().setStreamIdentifier(streamIdentifier('a')).setNoStream(empty())
  call.write(new streams.AppendReq().setOptions(options))
  const message = new streams.AppendReq.ProposedMessage().setId(new shared.UUID().setString(randomUUID()))
  message.getMetadataMap().set('type', 'Half').set('content-type', 'application/json')
  call.write(new streams.AppendReq().setProposedMessage(message))
  // Time for both messages to arrive: another client's append goes there and back meanwhile.
  await client.appendToStream('b', event())
  server.cutConnections()
  await expect.poll(() => told).toBe(status.UNAVAILABLE)
  const append = () =>
    client.appendToStream('b', event()).then(
      () => true,
      () => false,
    )
  await expect.poll(append).toBe(true)
  expect(server.log.stream('a')).toEqual([])
  half.close()
})
