import { expect, test } from 'vitest'
import { GENESIS_HASH } from '../event-store/envelope.ts'
import { hashEvent } from '../event-store/hash-chain.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { ChangeEvent, ChangeFeedOptions } from './change-feed.ts'
import { collected, twoEnvironments } from './export.fixture.ts'
import { ada } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'
import type { Ledger } from './open-ledger.ts'

/** The next changes of a feed, which would wait for more. */
async function next(ledger: Ledger, count: number, options: ChangeFeedOptions = {}): Promise<ChangeEvent[]> {
  const found: ChangeEvent[] = []
  for await (const change of ledger.changes(options)) if (found.push(change) === count) break
  return found
}

test('FEED 1: an event is a CloudEvent with its environment as source, its node as subject, and who and when', async () => {
  const store = await twoEnvironments()
  const [change] = await next(openLedger({ store }), 1, { types: ['NodeVersionRecorded'] })
  const recorded = (await collected(store.readAll())).find(({ type }) => type === 'NodeVersionRecorded')
  if (recorded === undefined) throw new Error('no version')
  expect(change).toEqual({
    specversion: '1.0',
    id: recorded.id,
    source: 'infraledger:prod',
    type: 'dev.infraledger.NodeVersionRecorded',
    time: recorded.recordedAt,
    subject: 'thing/one',
    datacontenttype: 'application/json',
    data: JSON.parse(recorded.data),
    sequence: String(recorded.position).padStart(19, '0'),
    actor: 'user:ada',
    correlationid: (JSON.parse(recorded.metadata) as { correlationId: string }).correlationId,
    graphversion: 1,
  })
})

test('FEED 1: names of attributes are lower case letters and digits, and values what CloudEvents allows', async () => {
  const store = await twoEnvironments()
  const changes = await next(openLedger({ store }), (await collected(store.readAll())).length)
  for (const { data, ...attributes } of changes) {
    expect(data).toBeTypeOf('object')
    for (const [name, value] of Object.entries(attributes)) {
      expect(name).toMatch(/^[a-z0-9]{1,20}$/)
      expect(typeof value === 'number' ? Number.isInteger(value) : typeof value === 'string' && value !== '').toBe(true)
    }
  }
  expect(new Set(changes.map(({ source }) => source))).toEqual(new Set(['infraledger:prod', 'infraledger:pr:12']))
})

test('FEED 2: tells what was, then what comes, in order, and goes on after a position with nothing skipped or repeated', async () => {
  const store = await twoEnvironments()
  const ledger = openLedger({ store })
  const count = (await collected(store.readAll())).length
  const stop = new AbortController()
  const seen: number[] = []
  const following = (async () => {
    for await (const { sequence } of ledger.changes({ signal: stop.signal })) {
      const position = Number(sequence)
      seen.push(position)
      if (position === count) await ledger.environment('prod').grantRole({ subject: 'grace', role: 'member' }, ada)
      if (position === count + 1) stop.abort()
    }
  })()
  await following
  expect(seen).toEqual(Array.from({ length: count + 1 }, (_, index) => index + 1))
  const rest = await next(ledger, count - 3, { after: 4n })
  expect(rest.map(({ sequence }) => Number(sequence))).toEqual(seen.slice(4))
})

test('FEED 3: tells only the types that are asked for', async () => {
  const ledger = openLedger({ store: await twoEnvironments() })
  const changes = await next(ledger, 2, { types: ['EnvironmentCreated'] })
  expect(changes.map(({ type, source }) => [type, source])).toEqual([
    ['dev.infraledger.EnvironmentCreated', 'infraledger:prod'],
    ['dev.infraledger.EnvironmentCreated', 'infraledger:pr:12'],
  ])
  expect(changes[0]).not.toHaveProperty('subject')
})

test('FEED 3: an event of a type that this version does not know is told as it is', async () => {
  const store = inMemoryEventStore()
  const actor = { type: 'system', id: 'infraledger', assurance: 'asserted' }
  const recordedAt = '2027-01-05T09:00:00.000Z'
  const event = {
    id: 'e1',
    type: 'ThingOfTomorrow',
    schemaVersion: 1,
    data: '{"node":"thing/one","new":true}',
    metadata: JSON.stringify({ actor, recordedAt, correlationId: 'c1' }),
    recordedAt,
    previousHash: GENESIS_HASH,
  }
  const stream = 'environment-prod'
  await store.append(stream, [{ ...event, hash: hashEvent(stream, 0, event) }], 'none')
  expect(await next(openLedger({ store }), 1)).toMatchObject([
    { type: 'dev.infraledger.ThingOfTomorrow', subject: 'thing/one', data: { new: true }, actor: 'system:infraledger' },
  ])
})

test('FEED 4: ends when its reader leaves, its signal aborts or the ledger closes, even while it waits', async () => {
  const ledger = openLedger({ store: inMemoryEventStore() })
  const left = ledger.changes()[Symbol.asyncIterator]()
  const waiting = left.next()
  await left.return?.()
  expect(await waiting).toMatchObject({ done: true })

  const stop = new AbortController()
  const aborted = collected(ledger.changes({ signal: stop.signal }))
  const closed = collected(ledger.changes())
  stop.abort()
  expect(await aborted).toEqual([])
  await ledger.close()
  expect(await closed).toEqual([])
})
