import assert from 'node:assert/strict'
import type { RecordedEvent, SubscribeOptions } from '@infraledger/core/adapter'
import { assertChained, collect, refused, take } from './assertions.ts'
import type { EventStoreCase } from './harness.ts'
import { onStage, type Stage } from './stage.ts'
import { eventId } from './stream-writer.ts'

/** Begins to follow the case's events, from its start unless told otherwise. */
const subscribed = (stage: Stage, options: SubscribeOptions = {}): AsyncIterator<RecordedEvent> =>
  stage.ours(stage.store.subscribe({ after: stage.start, ...options }))[Symbol.asyncIterator]()

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
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      const staging = stage.writer('environment-staging')
      await prod.append(store, 900)
      await staging.append(store, 400)
      const last = eventId()
      const from = harness.fresh === true ? {} : { after: stage.start }
      const following = upTo(stage.ours(store.subscribe(from)), last)
      for (let appended = 0; appended < 50; appended++) {
        await prod.append(store)
        await staging.append(store)
      }
      await prod.append(store, [{ id: last }])
      const seen = await following
      assertChained(seen)
      assert.deepEqual(positions(seen), positions(await stage.all()))
    },
  },
  {
    id: 'subscribe-wakes',
    title: 'STORE 11: a subscription that waits is woken by the next append, each time',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      const subscription = subscribed(stage)
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
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      const { lastPosition: after } = await prod.append(store, [{ type: 'Wanted' }, { type: 'Other' }])
      const subscription = subscribed(stage, { after, types: ['Wanted', 'Too'] })
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
    id: 'subscribe-resumes',
    title: 'STORE 11: a subscription that goes on from the last position of another gives what is behind it, once',
    async run(harness) {
      const stage = await onStage(harness)
      const writers = ['a', 'b'].map((name) => stage.writer(name))
      for (const writer of writers) await writer.append(stage.store, 3)
      const seen: RecordedEvent[] = []
      // Left in the middle of an append, at the end of the history, and behind what came while nobody was subscribed.
      for (const count of [2, 4, 3, 9]) {
        const subscription = subscribed(stage, { after: seen.at(-1)?.position ?? stage.start })
        seen.push(...(await take(subscription, count)))
        await subscription.return?.()
        for (const writer of writers) await writer.append(stage.store, 3)
      }
      const all = await stage.all()
      assert.deepEqual(positions(seen), positions(all.slice(0, seen.length)))
    },
  },
  {
    id: 'subscribe-slow-reader',
    title: 'STORE 11: a slow reader holds back neither appends nor other subscriptions, and misses nothing',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      const slow = subscribed(stage)
      const fast = subscribed(stage)
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
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      await prod.append(store, 3)
      assert.deepEqual(await collect(store.subscribe({ signal: AbortSignal.abort() })), [])

      const waiting = new AbortController()
      const subscription = subscribed(stage, { signal: waiting.signal })
      await take(subscription, 3)
      const next = subscription.next()
      waiting.abort()
      assert.equal((await next).done, true)

      const reading = new AbortController()
      const revisions: number[] = []
      for await (const event of stage.ours(store.subscribe({ after: stage.start, signal: reading.signal }))) {
        revisions.push(event.revision)
        if (event.revision === 1) reading.abort()
      }
      assert.deepEqual(revisions, [0, 1])
    },
  },
  {
    id: 'subscribe-leave',
    title: 'STORE 12: a reader that leaves while it waits is let go at once',
    async run(harness) {
      const stage = await onStage(harness)
      const subscription = subscribed(stage)
      const next = subscription.next()
      await subscription.return?.()
      assert.equal((await next).done, true)
      assert.equal((await subscription.next()).done, true)
    },
  },
  {
    id: 'subscribe-close',
    title: 'STORE 12: closing the store ends its subscriptions without an error; later ones are refused',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      await stage.writer('environment-prod').append(store, 2)
      const subscription = subscribed(stage)
      await take(subscription, 2)
      const next = subscription.next()
      await store.close()
      assert.equal((await next).done, true)
      await refused('store-closed', async () => collect(store.subscribe()))
    },
  },
]
