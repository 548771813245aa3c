import assert from 'node:assert/strict'
import { collect, refused } from './assertions.ts'
import type { EventStoreCase } from './harness.ts'
import { onStage } from './stage.ts'
import { eventId } from './stream-writer.ts'

/** STORE 3 and 4: a repeated append is answered and not written; an id is never used for two things. */
export const idempotencyCases: readonly EventStoreCase[] = [
  {
    id: 'repeat-same-answer',
    title: 'STORE 3: an append repeated with the same ids and content gets the first answer again, whatever it expects',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      await prod.append(store, 1)
      const { events, ...first } = await prod.append(store, 3)
      await prod.append(store, 2)
      await stage.writer('environment-staging').append(store, 1)
      for (const expected of ['none', 0, 3, 5, 77] as const)
        assert.deepEqual(await store.append(prod.stream, events, expected), first)
      assert.equal((await stage.all()).length, 7)
    },
  },
  {
    id: 'repeat-at-once',
    title: 'STORE 3: the same append made several times at once is written once, and all get one answer',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      const events = prod.draft(2)
      const answers = await Promise.all([1, 2, 3, 4].map(() => store.append(prod.stream, events, 'none')))
      for (const answer of answers) assert.deepEqual(answer, answers[0])
      assert.equal((await stage.all()).length, 2)
    },
  },
  {
    id: 'reuse-other-content',
    title: 'STORE 4: an id that the stream holds with other content is refused, even on the right revision',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      const { events } = await prod.append(store, [{ data: '{"size":1}' }])
      const [{ id } = { id: '' }] = events
      const reused = prod.draft([{ id, data: '{"size":2}' }])
      for (const expected of ['none', 0, 9] as const) {
        const append = () => store.append(prod.stream, reused, expected)
        await refused('event-id-reused', append, { stream: prod.stream, id })
      }
      assert.deepEqual(
        (await collect(store.readStream(prod.stream))).map(({ data }) => data),
        ['{"size":1}'],
      )
    },
  },
  {
    id: 'reuse-in-part',
    title: 'STORE 4: an append that repeats another only in part, or in another order, is refused and writes nothing',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      const { events } = await prod.append(store, 2)
      const more = prod.draft(1)
      for (const mixed of [
        [...events, ...more],
        [...more, ...events],
        [...events.slice(1), ...more],
        events.toReversed(),
      ])
        await refused('event-id-reused', () => store.append(prod.stream, mixed, 1))
      assert.equal((await stage.all()).length, 2)
    },
  },
  {
    id: 'reuse-within-append',
    title: 'STORE 4: an append that uses one id twice is refused',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const id = eventId()
      const prod = stage.writer('environment-prod')
      const twice = prod.draft([{ id }, { id }])
      await refused('event-id-reused', () => store.append(prod.stream, twice, 'none'), { id })
      assert.deepEqual(await stage.all(), [])
    },
  },
  {
    id: 'id-in-two-streams',
    title: 'STORE 4: ids count per stream, so two streams may hold the same one',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const id = eventId()
      await stage.writer('environment-prod').append(store, [{ id }])
      await stage.writer('activity-prod').append(store, [{ id }])
      assert.deepEqual(
        (await stage.all()).map((event) => event.id),
        [id, id],
      )
    },
  },
  {
    id: 'ids-of-one-moment',
    title: 'STORE 4: ids that differ in one digit are two ids, wherever the digit is',
    async run(harness) {
      const stage = await onStage(harness)
      const prod = stage.writer('environment-prod')
      const id = eventId()
      const ids = [id]
      // The version and the variant of a UUID stay what they are.
      for (const [place, digit] of id.split('').entries())
        if (digit !== '-' && place !== 14 && place !== 19)
          ids.push(id.slice(0, place) + (digit === '0' ? '1' : '0') + id.slice(place + 1))
      for (const each of ids) await prod.append(stage.store, [{ id: each }])
      const held = (await stage.all()).map((event) => event.id)
      assert.deepEqual(held, ids)
    },
  },
]
