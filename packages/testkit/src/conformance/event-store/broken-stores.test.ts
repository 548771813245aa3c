import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EventStore, EventToAppend, RecordedEvent } from '@infraledger/core/adapter'
import { describe, expect, it } from 'vitest'
import { inMemoryEventStore } from '@infraledger/core'
import { eventStoreCases } from './cases.ts'
import { collect } from './assertions.ts'
import { eventId } from './stream-writer.ts'
import { usedStore } from './used-store.fixture.ts'

/** An event whose text is in memory once more. */
const copied = (event: RecordedEvent): RecordedEvent => ({ ...event, data: Buffer.from(event.data).toString('latin1') })

/** Stores with one defect each, of the kind that real ones have had, and a case that must find it. */
const BROKEN: Record<string, { readonly finds: string; readonly breaks: (store: EventStore) => Partial<EventStore> }> =
  {
    'ignores the expected revision': {
      finds: 'expected-truth-table',
      breaks: (store) => ({
        append: async (stream, events) => {
          const [end] = await collect(store.readStream(stream, { backwards: true, limit: 1 }))
          return store.append(stream, events, end?.revision ?? 'none')
        },
      }),
    },
    'takes none for any': {
      finds: 'expected-truth-table',
      breaks: (store) => ({
        append: async (stream, events, expected) => {
          const [end] = await collect(store.readStream(stream, { backwards: true, limit: 1 }))
          return store.append(stream, events, expected === 'none' ? (end?.revision ?? 'none') : expected)
        },
      }),
    },
    'does not know repeated ids': {
      finds: 'repeat-same-answer',
      breaks: (store) => ({
        append: (stream, events, expected) =>
          store.append(
            stream,
            events.map((event) => ({ ...event, id: eventId() })),
            expected,
          ),
      }),
    },
    're-encodes data': {
      finds: 'text-kept',
      breaks: (store) => ({
        async *readStream(stream, options) {
          for await (const event of store.readStream(stream, options))
            yield { ...event, data: JSON.stringify(JSON.parse(event.data)) }
        },
      }),
    },
    'shares its objects': {
      finds: 'objects-not-shared',
      breaks: (store) => {
        const shared = new Map<bigint, object>()
        return {
          async *readAll(options) {
            for await (const event of store.readAll(options)) {
              const kept = { ...event, ...shared.get(event.position) }
              shared.set(event.position, kept)
              yield kept
            }
          },
        }
      },
    },
    'starts behind from': {
      finds: 'read-stream-options',
      breaks: (store) => ({
        readStream: (stream, { from, ...rest } = {}) =>
          store.readStream(stream, from === undefined ? rest : { ...rest, from: from + 1 }),
      }),
    },
    'counts the limit before the types': {
      finds: 'read-all-options',
      breaks: (store) => ({
        async *readAll({ types, ...rest } = {}) {
          for await (const event of store.readAll(rest)) if (types?.includes(event.type) !== false) yield event
        },
      }),
    },
    'reads on while its reader appends': {
      finds: 'read-ends',
      breaks: (store) => ({
        async *readStream(stream, options) {
          for (let from = options?.from ?? 0; ;) {
            const page = await collect(store.readStream(stream, { ...options, from, limit: 100 }))
            yield* page
            if (page.length < 100) return
            from += page.length
          }
        },
      }),
    },
    'repeats an event at the seam': {
      finds: 'subscribe-seam',
      breaks: (store) => ({
        async *subscribe(options) {
          let last = 0n
          for await (const event of store.readAll()) {
            last = event.position
            yield event
          }
          yield* store.subscribe({ ...options, after: last > 0n ? last - 1n : 0n })
        },
      }),
    },
    'skips an event at the seam': {
      finds: 'subscribe-seam',
      breaks: (store) => ({
        async *subscribe(options) {
          let last = 0n
          for await (const event of store.readAll()) {
            last = event.position
            yield event
          }
          yield* store.subscribe({ ...options, after: last + 1n })
        },
      }),
    },
    'keeps the last snapshot, not the newest': {
      finds: 'snapshot-newest',
      breaks: () => {
        const kept = new Map<string, Parameters<EventStore['saveSnapshot']>[0]>()
        return {
          saveSnapshot: async (snapshot) => void kept.set(snapshot.stream, snapshot),
          loadSnapshot: async (stream) => kept.get(stream),
        }
      },
    },
    'keeps a snapshot that nobody can use': {
      finds: 'snapshot-unusable',
      breaks: (store) => ({ saveSnapshot: (snapshot) => store.saveSnapshot(snapshot) }),
    },
    'takes ids of the same millisecond for one': {
      finds: 'ids-of-one-moment',
      breaks: (store) => {
        const shortened = ({ id, ...event }: EventToAppend): EventToAppend => ({ ...event, id: id.slice(0, 13) })
        return { append: (stream, events, expected) => store.append(stream, events.map(shortened), expected) }
      },
    },
    'leaves out types that it does not know': {
      finds: 'types-unknown',
      breaks: (store) => ({
        async *readAll(options) {
          for await (const event of store.readAll(options)) if (event.type.endsWith('Happened')) yield event
        },
      }),
    },
    'has positions that became floating numbers': {
      finds: 'positions-resume-exactly',
      breaks: () => {
        const store = usedStore()
        const rounded = (event: RecordedEvent): RecordedEvent => ({
          ...event,
          position: BigInt(Number(event.position)),
        })
        return {
          ...store,
          async *readAll({ after = 0n, ...options } = {}) {
            for await (const event of store.readAll({ ...options, after: BigInt(Number(after)) })) yield rounded(event)
          },
        }
      },
    },
    'takes what it checked a moment ago for true': {
      finds: 'one-winner-a-revision',
      breaks: (store) => ({
        async append(stream, events, expected) {
          const end = async () => (await collect(store.readStream(stream, { backwards: true, limit: 1 })))[0]?.revision
          if (((await end()) ?? 'none') !== expected) return store.append(stream, events, expected)
          await nextTurn()
          return store.append(stream, events, (await end()) ?? 'none')
        },
      }),
    },
    'answers before it has written': {
      finds: 'decided-again',
      breaks: (store) => {
        let behind = 0n
        return {
          async append(...request) {
            const answer = await store.append(...request)
            if (answer.lastPosition > behind) setImmediate(() => (behind = answer.lastPosition))
            return answer
          },
          async *readAll(options) {
            for await (const event of store.readAll(options)) if (event.position <= behind) yield event
          },
        }
      },
    },
    'writes the events of an append one by one': {
      finds: 'batches-whole',
      breaks: (store) => ({
        async append(stream, events, expected) {
          let end = expected
          let first: number | undefined
          for (const event of events) {
            const { firstRevision, lastRevision } = await store.append(stream, [event], end)
            first ??= firstRevision
            end = lastRevision
            await nextTurn()
          }
          return { firstRevision: first ?? 0, lastRevision: Number(end), lastPosition: 0n }
        },
      }),
    },
    'forgets the order of a repeated append among new ones': {
      finds: 'random-workloads',
      breaks: (store) => ({
        append: async (stream, events, expected) => {
          const answer = await store.append(stream, events, expected)
          return answer.firstRevision > 2 ? { ...answer, firstRevision: answer.firstRevision - 1 } : answer
        },
      }),
    },
    'begins again at the position itself': {
      finds: 'subscribe-resumes',
      breaks: (store) => ({
        subscribe: ({ after = 0n, ...options } = {}) =>
          store.subscribe({ ...options, after: after === 0n ? after : after - 1n }),
      }),
    },
    'reads everything ahead': {
      finds: 'slow-reader-bounded',
      breaks: (store) => ({
        async *readAll(options) {
          yield* (await collect(store.readAll(options))).map(copied)
        },
      }),
    },
    'buffers the history of a subscription': {
      finds: 'slow-subscriber-bounded',
      breaks: (store) => ({
        async *subscribe(options = {}) {
          const history = (await collect(store.readAll({ after: options.after ?? 0n }))).map(copied)
          yield* history
          yield* store.subscribe({ ...options, after: history.at(-1)?.position ?? 0n })
        },
      }),
    },
    'pushes what is appended into a buffer': {
      finds: 'slow-live-subscriber-bounded',
      breaks: (store) => ({
        subscribe(options = {}) {
          const buffered: RecordedEvent[] = []
          let woken = Promise.withResolvers<void>()
          void (async () => {
            for await (const event of store.subscribe(options)) {
              buffered.push(copied(event))
              woken.resolve()
              woken = Promise.withResolvers()
            }
          })()
          return (async function* () {
            for (;;) {
              yield* buffered.splice(0, 1)
              if (buffered.length === 0) await woken.promise
            }
          })()
        },
      }),
    },
    'closes without closing': { finds: 'close-refuses', breaks: () => ({ close: async () => {} }) },
  }

describe('the conformance suite finds a store that', () => {
  it.each(Object.entries(BROKEN))('%s', async (_, { finds, breaks }) => {
    const store = inMemoryEventStore()
    const harness = { store: { ...store, ...breaks(store) }, cleanup: () => store.close() }
    const found = eventStoreCases.find(({ id }) => id === finds)
    await expect(found?.run(harness)).rejects.toThrow()
    await harness.cleanup()
  })
})
