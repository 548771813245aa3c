import { checkAppend } from './append-check.ts'
import { decideAppend, type AppendRequest } from './append-decision.ts'
import { changeSignal } from './change-signal.ts'
import type { RecordedEvent } from './envelope.ts'
import type { AppendResult, EventStore, ReadAllOptions, ReadStreamOptions, Snapshot } from './event-store.ts'
import { pagedEvents } from './paged-events.ts'
import { checkReadOptions } from './read-options.ts'
import { storeClosed } from './store-closed.ts'
import { subscription, type SubscriptionPage } from './subscription.ts'

const NAME = 'memory'
const PAGE_EVENTS = 1_000

type Stream = { readonly events: RecordedEvent[]; readonly byId: Map<string, RecordedEvent> }

/**
 * An event store in this process's memory, for tests and trials. It tells no lies: it makes the checks of every other
 * store, keeps copies and never the caller's objects, and hands out frozen events. What it holds is gone with it.
 */
export function inMemoryEventStore(): EventStore {
  const log: RecordedEvent[] = []
  const streams = new Map<string, Stream>()
  const snapshots = new Map<string, Snapshot>()
  const changes = changeSignal()
  const assertOpen = (): void => {
    if (changes.closed()) throw storeClosed(NAME)
  }

  const read = (
    options: ReadStreamOptions | ReadAllOptions,
    select: () => RecordedEvent[],
  ): AsyncIterable<RecordedEvent> =>
    pagedEvents(() => async () => {
      assertOpen()
      checkReadOptions(options)
      return { events: select(), last: true }
    })

  return {
    name: NAME,
    positions: 'dense',

    async append(stream, events, expected) {
      assertOpen()
      checkAppend(stream, events)
      const result = append(log, streams, { stream, events, expected })
      changes.raise()
      return result
    },

    readStream: (stream, options = {}) => read(options, () => inRange(streams.get(stream)?.events ?? [], options)),

    readAll: (options = {}) => read(options, () => selected(log, options)),

    subscribe(options = {}) {
      assertOpen()
      checkReadOptions(options)
      const types = options.types === undefined ? undefined : new Set(options.types)
      return subscription({ changes, page: async (after) => nextPage(log, after, types) }, options)
    },

    async saveSnapshot({ stream, revision, hash, foldVersion, state }, unusable) {
      assertOpen()
      const kept = snapshots.get(stream)
      const isUnusable = kept?.revision === unusable?.revision && kept?.hash === unusable?.hash
      if (kept !== undefined && kept.revision > revision && !isUnusable) return
      snapshots.set(stream, Object.freeze({ stream, revision, hash, foldVersion, state }))
    },

    async loadSnapshot(stream) {
      assertOpen()
      return snapshots.get(stream)
    },

    async close() {
      changes.close()
    },
  }
}

function append(log: RecordedEvent[], streams: Map<string, Stream>, request: AppendRequest): AppendResult {
  const known = streams.get(request.stream)
  const existing = known === undefined ? [] : existingOf(known, request.events)
  const actual = known === undefined ? 'none' : known.events.length - 1
  const decision = decideAppend(request, { actual, existing })
  if (decision.type === 'duplicate') return decision.result

  const stream: Stream = known ?? { events: [], byId: new Map() }
  streams.set(request.stream, stream)
  for (const { id, type, schemaVersion, data, metadata, recordedAt, previousHash, hash } of request.events) {
    const event: RecordedEvent = Object.freeze({
      id,
      stream: request.stream,
      revision: stream.events.length,
      position: BigInt(log.length + 1),
      type,
      schemaVersion,
      data,
      metadata,
      recordedAt,
      previousHash,
      hash,
    })
    log.push(event)
    stream.events.push(event)
    stream.byId.set(id, event)
  }
  return {
    firstRevision: decision.firstRevision,
    lastRevision: stream.events.length - 1,
    lastPosition: BigInt(log.length),
  }
}

function existingOf({ byId }: Stream, events: AppendRequest['events']): readonly RecordedEvent[] {
  const existing: RecordedEvent[] = []
  for (const { id } of events) {
    const event = byId.get(id)
    if (event !== undefined) existing.push(event)
  }
  return existing
}

function inRange(events: readonly RecordedEvent[], options: ReadStreamOptions): RecordedEvent[] {
  const { from, backwards = false, limit = Infinity } = options
  if (!backwards) return events.slice(from ?? 0, (from ?? 0) + limit)
  const end = Math.min(from ?? Infinity, events.length - 1) + 1
  return events.slice(Math.max(0, end - limit), end).toReversed()
}

function selected(
  log: readonly RecordedEvent[],
  { after = 0n, types, limit = Infinity }: ReadAllOptions,
): RecordedEvent[] {
  const first = indexBehind(log, after)
  if (types === undefined) return log.slice(first, first + limit)
  const wanted = new Set(types)
  return log
    .slice(first)
    .filter(({ type }) => wanted.has(type))
    .slice(0, limit)
}

function nextPage(
  log: readonly RecordedEvent[],
  after: bigint,
  types: ReadonlySet<string> | undefined,
): SubscriptionPage {
  const first = indexBehind(log, after)
  const page = log.slice(first, first + PAGE_EVENTS)
  const events = types === undefined ? page : page.filter((event) => types.has(event.type))
  return { events, upTo: page.at(-1)?.position ?? after, caughtUp: first + page.length >= log.length }
}

/** Positions are dense from 1, so the event behind position n has index n. */
function indexBehind(log: readonly RecordedEvent[], position: bigint): number {
  return position < BigInt(log.length) ? Number(position) : log.length
}
