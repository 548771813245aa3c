import { expect, it } from 'vitest'
import type { RecordedEvent } from './envelope.ts'
import { pagedEvents, type EventPage } from './paged-events.ts'

const event = (revision: number): RecordedEvent => ({
  id: String(revision),
  stream: 's',
  revision,
  position: BigInt(revision + 1),
  type: 'ThingHappened',
  schemaVersion: 1,
  data: '{}',
  metadata: '{}',
  recordedAt: '2026-01-01T00:00:00.000Z',
  previousHash: '',
  hash: '',
})

const page = (revisions: readonly number[], last = false): EventPage => ({ events: revisions.map(event), last })

/** Events from prepared pages, and how many of them were fetched. */
function eventsOf(...pages: readonly EventPage[]) {
  let fetched = 0
  const events = pagedEvents(() => {
    let next = 0
    return async () => {
      fetched += 1
      return pages[next++] ?? page([], true)
    }
  })
  return { events, fetched: () => fetched }
}

const revisions = async (events: AsyncIterable<RecordedEvent>): Promise<number[]> => {
  const read: number[] = []
  for await (const { revision } of events) read.push(revision)
  return read
}

it('gives the events of all pages in order, and begins anew for each reader', async () => {
  const { events } = eventsOf(page([0, 1]), page([2]), page([3, 4], true))
  expect(await revisions(events)).toEqual([0, 1, 2, 3, 4])
  expect(await revisions(events)).toEqual([0, 1, 2, 3, 4])
})

it('fetches a page when it is needed, and none behind the last', async () => {
  const { events, fetched } = eventsOf(page([0]), page([1], true))
  const iterator = events[Symbol.asyncIterator]()
  await iterator.next()
  expect(fetched()).toBe(1)
  await iterator.next()
  expect(await iterator.next()).toEqual({ done: true, value: undefined })
  expect(fetched()).toBe(2)
})

it('answers several calls at once in order, fetching each page once', async () => {
  const { events, fetched } = eventsOf(page([0]), page([1, 2], true))
  const iterator = events[Symbol.asyncIterator]()
  const answers = await Promise.all([1, 2, 3, 4].map(() => iterator.next()))
  expect(answers.map(({ value }) => value?.revision)).toEqual([0, 1, 2, undefined])
  expect(fetched()).toBe(2)
})

it('gives nothing more to a reader that left, even while a page is fetched', async () => {
  const { events } = eventsOf(page([0, 1]), page([2], true))
  const iterator = events[Symbol.asyncIterator]()
  const first = iterator.next()
  await iterator.return?.()
  expect(await first).toEqual({ done: true, value: undefined })
  expect(await iterator.next()).toEqual({ done: true, value: undefined })
})

it('ends after a page that cannot be fetched', async () => {
  const iterator = pagedEvents(() => async () => Promise.reject(new Error('no disk')))[Symbol.asyncIterator]()
  await expect(iterator.next()).rejects.toThrow('no disk')
  expect(await iterator.next()).toEqual({ done: true, value: undefined })
})
