import assert from 'node:assert/strict'
import { EVENT_LIMITS } from '@infraledger/core/adapter'
import { collect, refused } from './assertions.ts'
import type { EventStoreCase, EventStoreHarness } from './harness.ts'
import { streamWriter, type EventDraft } from './stream-writer.ts'

/** JSON texts that a store which parses, sorts, rounds or re-encodes would change. */
const TEXTS = [
  '{"b":1,"a":2}',
  ' {"spaced" : [ 1 ,2 ] }\n',
  '{"twice":1,"twice":2}',
  '1.00',
  '1e400',
  '12345678901234567890',
  '"\\u0000\\ud800"',
  '"é e\u0301 🙂 \u2028 \u007f"',
  '{"__proto__":{"a":1}}',
  'null',
]

const { eventBytes, appendEvents, appendBytes } = EVENT_LIMITS

/** A JSON string of exactly so many bytes. */
const textOf = (bytes: number): string => JSON.stringify('x'.repeat(bytes - 2))

const append = ({ store }: EventStoreHarness, drafts: readonly EventDraft[]) => {
  const writer = streamWriter('environment-prod')
  return store.append(writer.stream, writer.draft(drafts), 'none')
}

/** STORE 6 and 7: text comes back as it went in, and what no store can keep is refused by all. */
export const contentCases: readonly EventStoreCase[] = [
  {
    id: 'text-kept',
    title: 'STORE 6: data and metadata come back byte for byte',
    async run({ store }) {
      await streamWriter('environment-prod').append(
        store,
        TEXTS.map((text) => ({ data: text, metadata: text })),
      )
      const read = await collect(store.readStream('environment-prod'))
      assert.deepEqual(
        read.map(({ data }) => data),
        TEXTS,
      )
      assert.deepEqual(
        read.map(({ metadata }) => metadata),
        TEXTS,
      )
    },
  },
  {
    id: 'objects-not-shared',
    title: 'STORE 6: a store shares no object with its callers: changing what was given or read changes nothing',
    async run({ store }) {
      const given = streamWriter('environment-prod').draft(2)
      const wanted = structuredClone(given)
      await store.append('environment-prod', given, 'none')
      for (const event of [...given, ...(await collect(store.readAll()))]) Reflect.set(event, 'data', '"changed"')
      given.pop()
      assert.deepEqual(
        (await collect(store.readAll())).map(({ data }) => data),
        wanted.map(({ data }) => data),
      )
    },
  },
  {
    id: 'limits-reached',
    title: 'STORE 7: an event and an append of exactly the limits are kept',
    async run({ store }) {
      await streamWriter('one-event').append(store, [{ data: textOf(eventBytes) }])
      await streamWriter('many-events').append(store, appendEvents)
      await streamWriter('many-bytes').append(store, [
        { data: textOf(eventBytes), metadata: '{}' },
        { data: textOf(appendBytes - eventBytes - 4), metadata: '{}' },
      ])
      assert.equal((await collect(store.readAll())).length, appendEvents + 3)
    },
  },
  {
    id: 'limits-passed',
    title: 'STORE 7: an event or an append over a limit is refused with the limit, and writes nothing',
    async run(harness) {
      const wide = JSON.stringify('é'.repeat(eventBytes / 2))
      await refused('event-too-large', () => append(harness, [{ data: wide }]), {
        bytes: eventBytes + 2,
        limitBytes: eventBytes,
      })
      const many = Array.from({ length: appendEvents + 1 }, () => ({}))
      await refused('append-too-large', () => append(harness, many), {
        events: appendEvents + 1,
        limitEvents: appendEvents,
      })
      const half = { data: textOf(eventBytes - 2), metadata: '{}' }
      await refused('append-too-large', () => append(harness, [half, half]), {
        bytes: 2 * eventBytes,
        limitBytes: appendBytes,
      })
      const behindMetadata = { data: '{}', metadata: textOf(appendBytes) }
      await refused('append-too-large', () => append(harness, [behindMetadata]))
      assert.deepEqual(await collect(harness.store.readAll()), [])
    },
  },
  {
    id: 'append-empty',
    title: 'STORE 7: an append without events is refused',
    async run({ store }) {
      await refused('input-invalid', () => store.append('environment-prod', [], 'none'))
    },
  },
  {
    id: 'text-unsupported',
    title: 'STORE 7: text that not every store can keep is refused by all: a NUL, half of a surrogate pair',
    async run(harness) {
      for (const text of ['"\0"', '"\ud800"', '"\udc00\ud800"']) {
        await refused('json-unsupported', () => append(harness, [{}, { data: text }]), { path: 'events[1].data' })
        await refused('json-unsupported', () => append(harness, [{ metadata: text }]), { path: 'events[0].metadata' })
        const [event] = streamWriter(text).draft(1)
        if (event !== undefined)
          await refused('json-unsupported', () => harness.store.append(text, [event], 'none'), { path: 'stream' })
      }
      assert.deepEqual(await collect(harness.store.readAll()), [])
    },
  },
]
