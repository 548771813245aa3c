import assert from 'node:assert/strict'
import { EVENT_LIMITS } from '@infraledger/core/adapter'
import type { EventToAppend } from '@infraledger/core/adapter'
import { collect, refused } from './assertions.ts'
import type { EventStoreCase } from './harness.ts'
import { onStage, type Stage } from './stage.ts'
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
  `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  `${'{"a":'.repeat(5_000)}"deep"${'}'.repeat(5_000)}`,
  String.raw`"\u0061\/\ud83d\ude42"`,
  '"\ufeff \u202e \ud7ff \ue000 \uffff \u{10ffff} \u0300\u0301"',
]

/** Types that nobody has a fold for, of shapes that a filter might take for something else. */
const TYPES = [
  'SomethingOfANewerVersion',
  'somethingOfANewerVersion',
  'Something.Of/Another-Shape 2',
  'Etwas ist geschehen: Größe 🙂',
  'constructor',
  '__proto__',
  'Quote\'d "twice"',
  'Any%thing_',
]

const { eventBytes, appendEvents, appendBytes } = EVENT_LIMITS

/** A JSON string of exactly so many bytes. */
const textOf = (bytes: number): string => JSON.stringify('x'.repeat(bytes - 2))

const append = ({ store, writer }: Stage, drafts: readonly EventDraft[]) => {
  const prod = writer('environment-prod')
  return store.append(prod.stream, prod.draft(drafts), 'none')
}

const kept = ({ type, schemaVersion, id }: EventToAppend) => ({ type, schemaVersion, id })

/** STORE 6 and 7: text comes back as it went in, and what no store can keep is refused by all. */
export const contentCases: readonly EventStoreCase[] = [
  {
    id: 'text-kept',
    title: 'STORE 6: data and metadata come back byte for byte',
    async run(harness) {
      const { store, writer } = await onStage(harness)
      const prod = writer('environment-prod')
      await prod.append(
        store,
        TEXTS.map((text) => ({ data: text, metadata: text })),
      )
      const read = await collect(store.readStream(prod.stream))
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
    async run(harness) {
      const { store, writer, all } = await onStage(harness)
      const prod = writer('environment-prod')
      const given = prod.draft(2)
      const wanted = structuredClone(given)
      await store.append(prod.stream, given, 'none')
      for (const event of [...given, ...(await all())]) Reflect.set(event, 'data', '"changed"')
      given.pop()
      assert.deepEqual(
        (await all()).map(({ data }) => data),
        wanted.map(({ data }) => data),
      )
    },
  },
  {
    id: 'types-unknown',
    title: 'STORE 6: an event of any type and schema version is kept and found, whether anybody knows it or not',
    async run(harness) {
      const { store, start, writer, all } = await onStage(harness)
      const prod = writer('environment-prod')
      const events = prod
        .draft(TYPES.map((type) => ({ type, data: '{"from":"a newer version"}' })))
        .map((event, index) => ({ ...event, schemaVersion: index === 0 ? 1 : 2 ** index }))
      await store.append(prod.stream, events, 'none')
      assert.deepEqual((await all()).map(kept), events.map(kept))
      for (const event of events) {
        const found = (await collect(store.readAll({ after: start, types: [event.type] }))).filter(
          ({ stream }) => stream === prod.stream,
        )
        assert.deepEqual(found.map(kept), [kept(event)])
      }
    },
  },
  {
    id: 'limits-reached',
    title: 'STORE 7: an event and an append of exactly the limits are kept',
    async run(harness) {
      const { store, writer, all } = await onStage(harness)
      const largest = textOf(eventBytes)
      await writer('one-event').append(store, [{ data: largest }])
      await writer('many-events').append(store, appendEvents)
      await writer('many-bytes').append(store, [
        { data: largest, metadata: '{}' },
        { data: textOf(appendBytes - eventBytes - 4), metadata: '{}' },
      ])
      const read = await all()
      assert.equal(read.length, appendEvents + 3)
      assert.equal(read[0]?.data, largest)
    },
  },
  {
    id: 'limits-passed',
    title: 'STORE 7: an event or an append over a limit is refused with the limit, and writes nothing',
    async run(harness) {
      const stage = await onStage(harness)
      await refused('event-too-large', () => append(stage, [{}, { data: textOf(eventBytes + 1) }]), {
        bytes: eventBytes + 1,
        limitBytes: eventBytes,
      })
      const wide = JSON.stringify('é'.repeat(eventBytes / 2))
      await refused('event-too-large', () => append(stage, [{ data: wide }]), {
        bytes: eventBytes + 2,
        limitBytes: eventBytes,
      })
      const many = Array.from({ length: appendEvents + 1 }, () => ({}))
      await refused('append-too-large', () => append(stage, many), {
        events: appendEvents + 1,
        limitEvents: appendEvents,
      })
      const half = { data: textOf(eventBytes - 2), metadata: '{}' }
      await refused('append-too-large', () => append(stage, [half, half]), {
        bytes: 2 * eventBytes,
        limitBytes: appendBytes,
      })
      const behindMetadata = { data: '{}', metadata: textOf(appendBytes) }
      await refused('append-too-large', () => append(stage, [behindMetadata]))
      assert.deepEqual(await stage.all(), [])
    },
  },
  {
    id: 'append-empty',
    title: 'STORE 7: an append without events is refused',
    async run(harness) {
      const { store, named } = await onStage(harness)
      await refused('input-invalid', () => store.append(named('environment-prod'), [], 'none'))
    },
  },
  {
    id: 'text-unsupported',
    title: 'STORE 7: text that not every store can keep is refused by all: a NUL, half of a surrogate pair',
    async run(harness) {
      const stage = await onStage(harness)
      for (const text of ['"\0"', '"\ud800"', '"\udc00\ud800"']) {
        await refused('json-unsupported', () => append(stage, [{}, { data: text }]), { path: 'events[1].data' })
        await refused('json-unsupported', () => append(stage, [{ metadata: text }]), { path: 'events[0].metadata' })
        const [event] = streamWriter(text).draft(1)
        if (event !== undefined)
          await refused('json-unsupported', () => stage.store.append(text, [event], 'none'), { path: 'stream' })
      }
      assert.deepEqual(await stage.all(), [])
    },
  },
]
