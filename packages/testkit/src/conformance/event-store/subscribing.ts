import assert from 'node:assert/strict'
import type { EventStore, RecordedEvent } from '@infraledger/core/adapter'
import { assertChained, collect, refused, take } from './assertions.ts'
import type { EventStoreCase } from './harness.ts'
import { eventId, streamWriter } from './stream-writer.ts'

const start = (store: EventStore, options?: Parameters<EventStore['subscribe']>[0]): AsyncIterator<RecordedEvent> =>
  store.subscribe(options)[Symbol.asyncIterator]()

const positions = (events: readonly RecordedEvent[]): bigint[] => events.map(({ position }) => position)

/** What a subscription gives up to the event with this id. */
async function upTo(events: AsyncIterable<RecordedEvent>, last: string): Promise<RecordedEvent[]> {
  const seen: RecordedEvent[] = []
  for await (const event of events) {
    seen.push(event)
    if (event.id === last) break
  }
  return seen
}

/** STORE 11 and 12: following the whole store, and ceasing to. */
export const subscribingCases: readonly EventStoreCase[] = [
  {
    id: 'subscribe-seam',
    title: 'STORE 11: a subscription gives history, then what is appended: in order, nothing skipped, nothing twice',
    async run({ store }) {
      const prod = streamWriter('environment-prod')
      const staging = streamWriter('environment-staging')
      await prod.append(store, 900)
      await staging.append(store, 400)
      const last = eventId()
      const following = upTo(store.subscribe(), last)
      for (let appended = 0; appended < 50; appended++) {
        await prod.append(store)
        await staging.append(store)
      }
      await prod.append(store, [{ id: last }])
      const seen = await following
      assertChained(seen)
      assert.deepEqual(positions(seen), positions(await collect(store.readAll())))
    },
  },
  {
    id: 'subscribe-wakes',
    title: 'STORE 11: a subscription that waits is woken by the next append, each time',
    async run({ store }) {
      const prod = streamWriter('environment-prod')
      const subscription = start(store)
      for (let round = 0; round < 5; round++) {
        const next = take(subscription, 2)
        const { events } = await prod.append(store, 2)
        assert.deepEqual(
          (await next).map(({ id }) => id),
          events.map(({ id }) => id),
        )
      }
      await subscription.return?.()
    },
  },
  {
    id: 'subscribe-after-and-types',
    title: 'STORE 11: a subscription starts behind a position and keeps to the types it was asked for',
    async run({ store }) {
      const prod = streamWriter('environment-prod')
      const { lastPosition: after } = await prod.append(store, [{ type: 'Wanted' }, { type: 'Other' }])
      const subscription = start(store, { after, types: ['Wanted', 'Too'] })
      await prod.append(store, [{ type: 'Other' }, { type: 'Wanted' }])
      const history = await take(subscription, 1)
      const next = take(subscription, 2)
      await prod.append(store, [{ type: 'Other' }])
      await prod.append(store, [{ type: 'Too' }, { type: 'Other' }, { type: 'Wanted' }])
      assert.deepEqual(
        [...history, ...(await next)].map(({ revision }) => revision),
        [3, 5, 7],
      )
      await subscription.return?.()
    },
  },
  {
    id: 'subscribe-slow-reader',
    title: 'STORE 11: a slow reader holds back neither appends nor other subscriptions, and misses nothing',
    async run({ store }) {
      const prod = streamWriter('environment-prod')
      const slow = start(store)
      const fast = start(store)
      await prod.append(store)
      await take(slow, 1)
      for (let round = 0; round < 10; round++) await prod.append(store, 10)
      assert.equal((await take(fast, 101)).length, 101)
      assert.deepEqual((await take(slow, 100)).at(-1)?.revision, 100)
      await Promise.all([slow.return?.(), fast.return?.()])
    },
  },
  {
    id: 'subscribe-abort',
    title: 'STORE 12: a subscription ends when its signal aborts: before it starts, while it waits, between two events',
    async run({ store }) {
      const prod = streamWriter('environment-prod')
      await prod.append(store, 3)
      assert.deepEqual(await collect(store.subscribe({ signal: AbortSignal.abort() })), [])

      const waiting = new AbortController()
      const subscription = start(store, { signal: waiting.signal })
      await take(subscription, 3)
      const next = subscription.next()
      waiting.abort()
      assert.equal((await next).done, true)

      const reading = new AbortController()
      const revisions: number[] = []
      for await (const event of store.subscribe({ signal: reading.signal })) {
        revisions.push(event.revision)
        if (event.revision === 1) reading.abort()
      }
      assert.deepEqual(revisions, [0, 1])
    },
  },
  {
    id: 'subscribe-leave',
    title: 'STORE 12: a reader that leaves while it waits is let go at once',
    async run({ store }) {
      const subscription = start(store)
      const next = subscription.next()
      await subscription.return?.()
      assert.equal((await next).done, true)
      assert.equal((await subscription.next()).done, true)
    },
  },
  {
    id: 'subscribe-close',
    title: 'STORE 12: closing the store ends its subscriptions without an error; later ones are refused',
    async run({ store }) {
      await streamWriter('environment-prod').append(store, 2)
      const subscription = start(store)
      await take(subscription, 2)
      const next = subscription.next()
      await store.close()
      assert.equal((await next).done, true)
      await refused('store-closed', async () => collect(store.subscribe()))
    },
  },
]
