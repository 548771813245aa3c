import assert from 'node:assert/strict'
import { collect, refused } from './assertions.ts'
import type { EventStoreCase } from './harness.ts'
import { eventId, streamWriter } from './stream-writer.ts'

/** STORE 3 and 4: a repeated append is answered and not written; an id is never used for two things. */
export const idempotencyCases: readonly EventStoreCase[] = [
  {
    id: 'repeat-same-answer',
    title: 'STORE 3: an append repeated with the same ids and content gets the first answer again, whatever it expects',
    async run({ store }) {
      const prod = streamWriter('environment-prod')
      await prod.append(store, 1)
      const { events, ...first } = await prod.append(store, 3)
      await prod.append(store, 2)
      await streamWriter('environment-staging').append(store, 1)
      for (const expected of ['none', 0, 3, 5, 77] as const)
        assert.deepEqual(await store.append('environment-prod', events, expected), first)
      assert.equal((await collect(store.readAll())).length, 7)
    },
  },
  {
    id: 'repeat-at-once',
    title: 'STORE 3: the same append made several times at once is written once, and all get one answer',
    async run({ store }) {
      const events = streamWriter('environment-prod').draft(2)
      const answers = await Promise.all([1, 2, 3, 4].map(() => store.append('environment-prod', events, 'none')))
      for (const answer of answers) assert.deepEqual(answer, answers[0])
      assert.equal((await collect(store.readAll())).length, 2)
    },
  },
  {
    id: 'reuse-other-content',
    title: 'STORE 4: an id that the stream holds with other content is refused, even on the right revision',
    async run({ store }) {
      const prod = streamWriter('environment-prod')
      const { events } = await prod.append(store, [{ data: '{"size":1}' }])
      const [{ id } = { id: '' }] = events
      const reused = prod.draft([{ id, data: '{"size":2}' }])
      for (const expected of ['none', 0, 9] as const) {
        const append = () => store.append('environment-prod', reused, expected)
        await refused('event-id-reused', append, { stream: 'environment-prod', id })
      }
      assert.deepEqual(
        (await collect(store.readStream('environment-prod'))).map(({ data }) => data),
        ['{"size":1}'],
      )
    },
  },
  {
    id: 'reuse-in-part',
    title: 'STORE 4: an append that repeats another only in part, or in another order, is refused and writes nothing',
    async run({ store }) {
      const prod = streamWriter('environment-prod')
      const { events } = await prod.append(store, 2)
      const more = prod.draft(1)
      for (const mixed of [
        [...events, ...more],
        [...more, ...events],
        [...events.slice(1), ...more],
        events.toReversed(),
      ])
        await refused('event-id-reused', () => store.append('environment-prod', mixed, 1))
      assert.equal((await collect(store.readAll())).length, 2)
    },
  },
  {
    id: 'reuse-within-append',
    title: 'STORE 4: an append that uses one id twice is refused',
    async run({ store }) {
      const id = eventId()
      const twice = streamWriter('environment-prod').draft([{ id }, { id }])
      await refused('event-id-reused', () => store.append('environment-prod', twice, 'none'), { id })
      assert.deepEqual(await collect(store.readAll()), [])
    },
  },
  {
    id: 'id-in-two-streams',
    title: 'STORE 4: ids count per stream, so two streams may hold the same one',
    async run({ store }) {
      const id = eventId()
      await streamWriter('environment-prod').append(store, [{ id }])
      await streamWriter('activity-prod').append(store, [{ id }])
      assert.deepEqual(
        (await collect(store.readAll())).map((event) => event.id),
        [id, id],
      )
    },
  },
]
