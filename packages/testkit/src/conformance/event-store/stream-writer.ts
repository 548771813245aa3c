import { randomUUID } from 'node:crypto'
import { GENESIS_HASH, hashEvent } from '@infraledger/core/adapter'
import type { AppendResult, EventStore, EventToAppend, ExpectedRevision } from '@infraledger/core/adapter'

/** What a test says of an event; the rest is made up. */
export type EventDraft = {
  readonly id?: string
  readonly type?: string
  readonly data?: string
  readonly metadata?: string
}

/** Where a stream ends: what the next event is chained to. */
export type StreamEnd = { readonly revision: number; readonly hash: string }

/**
 * Writes one stream as the ledger does: each event chained to the one before, each append decided on the stream's end.
 */
export type StreamWriter = {
  readonly stream: string
  /** The revision that the next append is decided on. */
  expected(): ExpectedRevision
  /** The next events, not appended yet. */
  draft(drafts: number | readonly EventDraft[]): EventToAppend[]
  /** Drafts, appends, and goes on from there if the store accepted. */
  append(
    store: EventStore,
    drafts?: number | readonly EventDraft[],
  ): Promise<AppendResult & { readonly events: EventToAppend[] }>
}

const FIRST_MOMENT = Date.UTC(2026, 0, 1)
const SECOND_MS = 1_000

/** A writer of `stream`, which must be missing, or end at `end`. */
export function streamWriter(stream: string, end: StreamEnd = { revision: -1, hash: GENESIS_HASH }): StreamWriter {
  let last = end
  const draft = (drafts: number | readonly EventDraft[]): EventToAppend[] =>
    chained(stream, last, typeof drafts === 'number' ? Array.from({ length: drafts }, () => ({})) : drafts)
  const expected = (): ExpectedRevision => (last.revision < 0 ? 'none' : last.revision)
  return {
    stream,
    expected,
    draft,
    async append(store, drafts = 1) {
      const events = draft(drafts)
      const result = await store.append(stream, events, expected())
      last = { revision: result.lastRevision, hash: events.at(-1)?.hash ?? last.hash }
      return { ...result, events }
    },
  }
}

function chained(stream: string, end: StreamEnd, drafts: readonly EventDraft[]): EventToAppend[] {
  let previousHash = end.hash
  return drafts.map(({ id, type, data, metadata }, index) => {
    const revision = end.revision + 1 + index
    const event = {
      id: id ?? eventId(),
      type: type ?? 'ThingHappened',
      schemaVersion: 1,
      data: data ?? JSON.stringify({ number: revision }),
      metadata: metadata ?? '{"actor":{"type":"system"}}',
      recordedAt: new Date(FIRST_MOMENT + revision * SECOND_MS).toISOString(),
      previousHash,
    }
    const hash = hashEvent(stream, revision, event)
    previousHash = hash
    return { ...event, hash }
  })
}

/** A random id of the shape of a UUIDv7. */
export function eventId(): string {
  return `${randomUUID().slice(0, 14)}7${randomUUID().slice(15)}`
}
