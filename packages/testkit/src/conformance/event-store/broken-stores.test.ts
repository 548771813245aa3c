import type { EventStore } from '@infraledger/core/adapter'
import { describe, expect, it } from 'vitest'
import { inMemoryEventStore } from '@infraledger/core'
import { eventStoreCases } from './cases.ts'
import { collect } from './assertions.ts'
import { eventId } from './stream-writer.ts'

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
