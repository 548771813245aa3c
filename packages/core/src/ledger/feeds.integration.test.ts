import { recordingTelemetry } from '@infraledger/testkit'
import { describe, expect, test } from 'vitest'
import { GENESIS_HASH } from '../event-store/envelope.ts'
import type { EventToAppend } from '../event-store/envelope.ts'
import { hashEvent } from '../event-store/hash-chain.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { ChangeEvent } from './change-feed.ts'
import { collected } from './export.fixture.ts'
import { ada, shop, world } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'

const AT = '2027-01-05T09:00:00.000Z'
const ALERT = { alert: 'a1', reason: 'resource-missing', severity: 'critical', node: 'bucket/x', message: 'gone' }

/** A chain of events of one type, as a writer makes it. */
function chained(
  stream: string,
  count: number,
  type: string,
  data: object,
  from = { revision: 0, hash: GENESIS_HASH },
) {
  const events: EventToAppend[] = []
  let previousHash = from.hash
  for (let index = 0; index < count; index++) {
    const actor = { type: 'system', id: 'infraledger', assurance: 'asserted' }
    const event = {
      id: `${stream}-${from.revision + index}`,
      type,
      schemaVersion: 1,
      data: JSON.stringify(data),
      metadata: JSON.stringify({ actor, recordedAt: AT, correlationId: 'c1' }),
      recordedAt: AT,
      previousHash,
    }
    previousHash = hashEvent(stream, from.revision + index, event)
    events.push({ ...event, hash: previousHash })
  }
  return { events, hash: previousHash }
}

describe('the change feed', () => {
  test('FEED 1: carries the trace in which a change was written, by the extension for distributed tracing', async () => {
    const telemetry = recordingTelemetry()
    const { ledger, store } = await world({ telemetry })
    const { value } = await ledger.changes()[Symbol.asyncIterator]().next()
    const [command] = telemetry.spans
    expect(value.traceparent).toBe(`00-${command?.traceId}-${command?.spanId}-01`)
    expect(value.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    const untold = await world()
    const first = await untold.ledger.changes()[Symbol.asyncIterator]().next()
    expect(first.value).not.toHaveProperty('traceparent')
    expect(await openLedger({ store }).verify()).toMatchObject({ intact: true })
  })

  test('FEED 1: a sequence holds positions of 64 bits, sorts as they do, and is the cursor', async () => {
    const kept = inMemoryEventStore()
    const position = 2n ** 53n + 1n
    const asked: (bigint | undefined)[] = []
    const store: EventStore = {
      ...kept,
      async *subscribe({ after } = {}) {
        asked.push(after)
        for await (const event of kept.readAll()) yield { ...event, position: position + event.position }
      },
    }
    await openLedger({ store: kept }).createEnvironment({ name: 'prod', type: 'production' }, ada)
    const [first, second] = await collected<ChangeEvent>(openLedger({ store }).changes())
    expect([first?.sequence, second?.sequence]).toEqual(['0009007199254740994', '0009007199254740995'])
    expect(JSON.parse(JSON.stringify(second))).toHaveProperty('sequence', '0009007199254740995')
    await collected(openLedger({ store }).changes({ after: BigInt(second?.sequence ?? '') }))
    expect(asked).toEqual([undefined, position + 2n])
  })

  test('FEED 2: a consumer that crashes between dealing with a change and keeping its position gets that one again, and misses none', async () => {
    const { ledger, store, deploy } = await world()
    await deploy(shop)
    const count = (await collected(store.readAll())).length
    const seen: number[] = []
    let kept = 0
    for (let crashes = 0; kept < count; crashes++) {
      // A new process each time, that goes on after the position that was kept last.
      for await (const { sequence } of openLedger({ store }).changes({ after: BigInt(kept) })) {
        const position = Number(sequence)
        seen.push(position)
        if (crashes < 40 && seen.length % 3 === 0) break
        kept = position
        if (kept === count) break
      }
    }
    expect([...new Set(seen)]).toEqual(Array.from({ length: count }, (_, index) => index + 1))
    expect(seen.length).toBeGreaterThan(count)
    await ledger.close()
  })

  test('FEED 2: a slow consumer holds nobody up, and is told everything in order', async () => {
    const store = inMemoryEventStore()
    const feed = openLedger({ store }).changes()[Symbol.asyncIterator]()
    const first = chained('environment-prod', 1, 'ThingOfTomorrow', {})
    await store.append('environment-prod', first.events, 'none')
    expect(BigInt((await feed.next()).value.sequence)).toBe(1n)
    // While it deals with that one, three thousand more are appended.
    let { hash } = first
    for (let round = 0; round < 3; round++) {
      const revision = 1 + round * 1_000
      const more = chained('environment-prod', 1_000, 'ThingOfTomorrow', {}, { revision, hash })
      await store.append('environment-prod', more.events, revision - 1)
      hash = more.hash
    }
    for (let position = 2n; position <= 3_001n; position++)
      expect(BigInt((await feed.next()).value.sequence)).toBe(position)
    await feed.return?.()
  })

  test('FEED 4: after its signal aborts it tells nothing more, also of what it had read already', async () => {
    const { ledger, store, deploy } = await world()
    await deploy(shop)
    const stop = new AbortController()
    const seen: bigint[] = []
    for await (const { sequence } of ledger.changes({ signal: stop.signal }))
      if (seen.push(BigInt(sequence)) === 2) stop.abort()
    expect(seen).toEqual([1n, 2n])
    expect(await collected(ledger.changes({ signal: AbortSignal.abort() }))).toEqual([])
    expect((await collected(store.readAll())).length).toBeGreaterThan(2)
  })
})

describe('the alert feed', () => {
  async function alerts(...streams: string[]) {
    const store = inMemoryEventStore()
    for (const stream of streams) await store.append(stream, chained(stream, 2, 'AlertRaised', ALERT).events, 'none')
    return { store, ledger: openLedger({ store }) }
  }

  test('FEED 5: tells the alerts of all environments with their position, and goes on after it', async () => {
    const { ledger } = await alerts('environment-prod', 'environment-pr:12')
    const feed = ledger.alerts({ after: 1n })[Symbol.asyncIterator]()
    expect((await feed.next()).value).toEqual({
      ...ALERT,
      environment: 'prod',
      raisedAt: AT,
      acknowledged: undefined,
      position: 2n,
    })
    expect((await feed.next()).value).toMatchObject({ environment: 'pr:12', position: 3n })
    await feed.return?.()
  })

  test('FEED 5: ends when its reader leaves, its signal aborts or the ledger closes, even while it waits', async () => {
    const { ledger } = await alerts()
    const left = ledger.alerts()[Symbol.asyncIterator]()
    const waiting = left.next()
    await left.return?.()
    expect(await waiting).toMatchObject({ done: true })
    const stop = new AbortController()
    const aborted = collected(ledger.alerts({ signal: stop.signal }))
    const closed = collected(ledger.alerts())
    stop.abort()
    expect(await aborted).toEqual([])
    await ledger.close()
    expect(await closed).toEqual([])
  })
})
