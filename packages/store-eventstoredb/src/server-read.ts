import {
  BACKWARDS,
  END,
  StreamNotFoundError,
  type AllStreamResolvedEvent,
  type EventStoreDBClient,
  type FORWARDS,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client'
import { clientStream } from './client-stream.ts'

/** What one read brings into memory; a page ends with the event that reaches the bytes. */
export const PAGE_LIMITS = { events: 1_000, bytes: 4 * 1024 * 1024 } as const

/** Where a read of one stream begins, which way it goes, and how many events it wants at most. */
export type StreamRead = {
  readonly direction: typeof FORWARDS | typeof BACKWARDS
  readonly fromRevision: bigint | typeof END
  readonly limit: number
}

/** Some items in order; `last` says that there is nothing behind them. */
export type Page<Item> = { readonly items: readonly Item[]; readonly last: boolean }

/** Makes an item of what the server sent, and says how many bytes it weighs. */
export type Conversion<Item> = (resolved: ResolvedEvent) => { readonly item: Item; readonly bytes: number }

/** Of a read that nobody calls off. */
const ENDLESS = new AbortController().signal

/**
 * One page of a stream, asked of the leader; a stream that is not there is empty. The signal ends it with what it has.
 * Throws the client's errors.
 */
export async function readPage<Item>(
  client: EventStoreDBClient,
  stream: string,
  { direction, fromRevision, limit }: StreamRead,
  convert: Conversion<Item>,
  signal: AbortSignal = ENDLESS,
): Promise<Page<Item>> {
  const maxCount = Math.min(limit, PAGE_LIMITS.events)
  const read = client.readStream(stream, { direction, fromRevision, maxCount, requiresLeader: true })
  try {
    const { items, bytes } = await taken(read, convert, signal)
    return { items, last: items.length < maxCount && bytes < PAGE_LIMITS.bytes }
  } catch (error) {
    if (error instanceof StreamNotFoundError) return { items: [], last: true }
    throw error
  }
}

/** The position of the last event in the server's whole log, of whatever stream; 0 when it is empty. */
export async function readLastPosition(client: EventStoreDBClient, signal: AbortSignal = ENDLESS): Promise<bigint> {
  const read = client.readAll({ direction: BACKWARDS, maxCount: 1, fromPosition: END, requiresLeader: true })
  const { items } = await taken(read, ({ event }) => ({ item: event?.position?.commit, bytes: 0 }), signal)
  return items[0] ?? 0n
}

/** What a read gives, up to a page's bytes or until the signal aborts. The rest is called off. */
async function taken<Item>(
  read: StreamingRead<ResolvedEvent> | StreamingRead<AllStreamResolvedEvent>,
  convert: Conversion<Item>,
  signal: AbortSignal,
): Promise<{ readonly items: Item[]; readonly bytes: number }> {
  const stream = clientStream(read)
  const items: Item[] = []
  let bytes = 0
  try {
    while (bytes < PAGE_LIMITS.bytes && !signal.aborted) {
      const seen = stream.news.count()
      const resolved = stream.take()
      if (resolved === undefined) {
        if (stream.ended()) break
        await stream.news.since(seen, signal)
        continue
      }
      // The client's stream holds nothing else.
      const converted = convert(resolved as ResolvedEvent)
      items.push(converted.item)
      bytes += converted.bytes
    }
  } finally {
    await read.cancel().catch(() => {})
    stream.release()
  }
  return { items, bytes }
}
