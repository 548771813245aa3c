import assert from 'node:assert/strict'
import { assertChained, assertPositions, refused } from './assertions.ts'
import type { EventStoreCase } from './harness.ts'
import { onStage } from './stage.ts'

/** STORE 5: one order of all events. */
export const orderingCases: readonly EventStoreCase[] = [
  {
    id: 'positions-in-commit-order',
    title: 'STORE 5: positions grow in the order of commits, over all streams, and each answer names its last one',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const writers = ['a', 'b', 'c'].map((name) => stage.writer(name))
      const answered: bigint[] = []
      for (let round = 0; round < 5; round++)
        for (const writer of writers) answered.push((await writer.append(store, 1 + (round % 3))).lastPosition)
      assert.deepEqual(
        answered,
        answered.toSorted((a, b) => (a < b ? -1 : 1)),
      )
      const all = await stage.all()
      assertPositions(store.positions, await stage.whole(), stage.start)
      assertChained(all)
      assert.equal(all.at(-1)?.position, answered.at(-1))
    },
  },
  {
    id: 'order-without-waiting',
    title: 'STORE 5: appends that are made without waiting are taken in the order in which they were made',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const drafts = ['a', 'b', 'c'].map((name) => {
        const writer = stage.writer(name)
        return { stream: writer.stream, events: writer.draft(10) }
      })
      const made = Array.from({ length: 10 }, (_, revision) =>
        drafts.flatMap(({ stream, events }) =>
          events.slice(revision, revision + 1).map((event) => ({ stream, event, revision })),
        ),
      ).flat()
      const appends = made.map(async ({ stream, event, revision }) =>
        store.append(stream, [event], revision === 0 ? 'none' : revision - 1),
      )
      await Promise.all(appends)
      const all = await stage.all()
      assert.deepEqual(
        all.map(({ id }) => id),
        made.map(({ event }) => event.id),
      )
      assertChained(all)
    },
  },
  {
    id: 'positions-survive-refusals',
    title: 'STORE 5: what is refused or repeated takes no position from what is written',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      const { events } = await prod.append(store, 2)
      await refused('append-conflict', () => store.append(prod.stream, prod.draft(1), 'none'))
      await store.append(prod.stream, events, 'none')
      await refused('event-id-reused', () => store.append(prod.stream, [...prod.draft(1), ...events], 1))
      await prod.append(store, 2)
      const all = await stage.all()
      assert.equal(all.length, 4)
      assertPositions(store.positions, await stage.whole(), stage.start)
    },
  },
]
