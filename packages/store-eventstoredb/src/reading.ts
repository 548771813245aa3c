import { BACKWARDS, END, FORWARDS, type EventStoreDBClient } from '@eventstore/db-client'
import { LedgerError } from '@infraledger/core/adapter'
import type { EventPage, RecordedEvent } from '@infraledger/core/adapter'
import { decodeEvent } from './event-encoding.ts'
import { retried, type RetryPolicy } from './retrying.ts'
import { readLastPosition, readPage, type Conversion, type StreamRead } from './server-read.ts'

/**
 * The reads of one connection, each at most a page. All are asked of the leader, which has indexed whatever it
 * acknowledged. `stream` is our name, without the prefix.
 */
export type Reading = {
  /** The revision of a stream's last event; -1 when it has none. */
  lastRevision(stream: string): Promise<number>
  /** Events with revisions from `from` on. Throws `store-damaged` when the server has dropped some of them. */
  streamUp(stream: string, from: number, limit: number): Promise<EventPage>
  /** Events with revisions from `from` down, or from the last one. */
  streamDown(stream: string, from: number | undefined, limit: number): Promise<EventPage>
  /** Whether somebody deleted a stream softly: the server would write on behind its old end. */
  isDeleted(stream: string): Promise<boolean>
  /** The position of the last event in the server's whole log, of whatever stream; 0 when it is empty. */
  lastPosition(): Promise<bigint>
}

const LEADER = { requiresLeader: true } as const

/** Makes the reads of one connection. Those of a store that closes end when the signal aborts, with whatever they have. */
export function reading(
  client: EventStoreDBClient,
  policy: RetryPolicy,
  streamPrefix: string,
  signal?: AbortSignal,
): Reading {
  const decoded: Conversion<RecordedEvent> = (resolved) => {
    const item = decodeEvent(resolved, streamPrefix, policy.store)
    return { item, bytes: item.data.length }
  }
  const page = async (stream: string, read: StreamRead): Promise<EventPage> => {
    const { items, last } = await retried(policy, () => readPage(client, streamPrefix + stream, read, decoded, signal))
    return { events: items, last }
  }
  return {
    async lastRevision(stream) {
      const read = { direction: BACKWARDS, fromRevision: END, limit: 1 } as const
      const { items } = await retried(policy, () => readPage(client, streamPrefix + stream, read, revision, signal))
      return items[0] ?? -1
    },
    async streamUp(stream, from, limit) {
      const { events, last } = await page(stream, { direction: FORWARDS, fromRevision: BigInt(from), limit })
      assertWhole(policy.store, stream, from, events)
      return { events, last }
    },
    streamDown: (stream, from, limit) =>
      page(stream, { direction: BACKWARDS, fromRevision: from === undefined ? END : BigInt(from), limit }),
    async isDeleted(stream) {
      const { metadata } = await retried(policy, () => client.getStreamMetadata(streamPrefix + stream, LEADER))
      return Number(metadata?.truncateBefore ?? 0) > Number.MAX_SAFE_INTEGER
    },
    lastPosition: () => retried(policy, () => readLastPosition(client, signal)),
  }
}

const revision: Conversion<number> = ({ event }) => ({ item: Number(event?.revision ?? -1), bytes: 0 })

/** Retention (`$maxAge`, `$maxCount`, `$tb`) or a scavenge drops events; a ledger without its beginning proves nothing. */
function assertWhole(store: string, stream: string, from: number, events: readonly RecordedEvent[]): void {
  const gap = events.findIndex(({ revision }, index) => revision !== from + index)
  if (gap < 0) return
  const problem = `stream ${stream} lacks revision ${from + gap}: the server has truncated it`
  const message = `${store} is damaged: ${problem}. Take $maxAge, $maxCount and $tb from the stream's metadata.`
  throw new LedgerError('store-damaged', message, { store, problem })
}
