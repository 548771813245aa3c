import { randomUUID } from 'node:crypto'
import type { EventStore, RecordedEvent } from '@infraledger/core/adapter'
import { collect } from './assertions.ts'
import type { EventStoreHarness } from './harness.ts'
import { streamWriter, type StreamWriter } from './stream-writer.ts'

/** The part of a store that belongs to one case: others may have used it before, and may be using it now. */
export type Stage = {
  readonly store: EventStore
  /** Where the store ended when the case began; 0 in a fresh one. */
  readonly start: bigint
  /** A name that no other case and no other run has. */
  readonly named: (name: string) => string
  /** A writer of a stream of that name, which is missing. */
  readonly writer: (name: string) => StreamWriter
  readonly isOurs: (event: RecordedEvent) => boolean
  /** The case's own events out of those that are given. */
  readonly ours: (events: AsyncIterable<RecordedEvent>) => AsyncIterable<RecordedEvent>
  /** The case's own events in the order of the store. */
  readonly all: (store?: EventStore) => Promise<RecordedEvent[]>
  /** Everything behind `start`, whoever wrote it. */
  readonly whole: (store?: EventStore) => Promise<RecordedEvent[]>
  /** A further handle on the same data where the harness can open one, else the store itself. */
  readonly further: () => Promise<EventStore>
}

/** Begins a case on a store, empty or not. */
export async function onStage({ store, fresh = false, connect }: EventStoreHarness): Promise<Stage> {
  const run = randomUUID().slice(0, 13)
  const named = (name: string): string => `${name}-${run}`
  const start = fresh ? 0n : (await streamWriter(named('start')).append(store)).lastPosition
  const isOurs = ({ stream, position }: RecordedEvent): boolean => stream.includes(run) && position > start
  const ours = (events: AsyncIterable<RecordedEvent>): AsyncIterable<RecordedEvent> => filtered(events, isOurs)
  const whole = async (from = store): Promise<RecordedEvent[]> => collect(from.readAll({ after: start }))
  return {
    store,
    start,
    named,
    writer: (name) => streamWriter(named(name)),
    isOurs,
    ours,
    all: async (from) => (await whole(from)).filter(isOurs),
    whole,
    further: async () => (connect === undefined ? store : connect()),
  }
}

/** Written by hand, because a generator that waits for its next event cannot be left. */
function filtered(
  events: AsyncIterable<RecordedEvent>,
  wanted: (event: RecordedEvent) => boolean,
): AsyncIterable<RecordedEvent> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = events[Symbol.asyncIterator]()
      return {
        async next() {
          for (;;) {
            const next = await iterator.next()
            if (next.done === true || wanted(next.value)) return next
          }
        },
        async return() {
          await iterator.return?.()
          return { done: true, value: undefined }
        },
      }
    },
  }
}
