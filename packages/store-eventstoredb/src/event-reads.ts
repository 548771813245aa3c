import { checkReadOptions, pagedEvents, storeClosed } from '@infraledger/core/adapter'
import type { EventPage, ReadAllOptions, ReadStreamOptions, RecordedEvent } from '@infraledger/core/adapter'
import { follow, type FollowingStore } from './following.ts'
import type { Reading } from './reading.ts'
import type { StreamIds } from './stream-ids.ts'

/** What reads need of the store. */
export type ReadingStore = FollowingStore & {
  readonly read: Reading
  /** Is told of what passes by, so that it need not be read again for the first append. */
  readonly ids: StreamIds
  readonly closed: AbortSignal
}

/** The events of one stream, up to what is there when reading begins; each page is a read of its own. */
export function streamEvents(
  store: ReadingStore,
  stream: string,
  options: ReadStreamOptions,
): AsyncIterable<RecordedEvent> {
  return pagedEvents(() => {
    let nextPage: Pages | undefined
    return async () => {
      assertOpen(store)
      checkReadOptions(options)
      nextPage ??= await (options.backwards === true ? pagesDown : pagesUp)(store, stream, options)
      const page = await nextPage()
      assertOpen(store)
      return page
    }
  })
}

/**
 * The events of the whole store, up to what is there when reading begins. The server filters its log only for those who
 * subscribe, so this is a subscription that ends where the log ended.
 */
export async function* allEvents(store: ReadingStore, options: ReadAllOptions): AsyncGenerator<RecordedEvent, void> {
  const { after = 0n, types, limit = Infinity } = options
  assertOpen(store)
  checkReadOptions(options)
  if (limit === 0 || types?.length === 0) return
  const upTo = await store.read.lastPosition()
  assertOpen(store)
  if (upTo <= after) return
  let left = limit
  for await (const event of follow(store, { after, types, upTo, signal: store.closed })) {
    yield event
    left -= 1
    if (left === 0) return
  }
  assertOpen(store)
}

function assertOpen({ closed, policy }: ReadingStore): void {
  if (closed.aborted) throw storeClosed(policy.store)
}

type Pages = () => Promise<EventPage>

async function pagesUp({ read, ids }: ReadingStore, stream: string, options: ReadStreamOptions): Promise<Pages> {
  const { from = 0, limit = Infinity } = options
  // A read with a limit ends by itself; any other one must not follow what its reader appends.
  const end = limit === Infinity ? await read.lastRevision(stream) : Infinity
  let cursor = from
  let left = Math.min(limit, end - from + 1)
  return async () => {
    if (left <= 0) return { events: [], last: true }
    const { events, last } = await read.streamUp(stream, cursor, left)
    ids.extend(stream, events)
    cursor += events.length
    left -= events.length
    return { events, last: last || left <= 0 }
  }
}

async function pagesDown({ read }: ReadingStore, stream: string, options: ReadStreamOptions): Promise<Pages> {
  const { from, limit = Infinity } = options
  // The server looks for events at the revisions that it is given, so one behind the end is brought back to it.
  let cursor = from === undefined ? undefined : Math.min(from, await read.lastRevision(stream))
  let left = cursor !== undefined && cursor < 0 ? 0 : limit
  return async () => {
    if (left <= 0) return { events: [], last: true }
    const { events, last } = await read.streamDown(stream, cursor, left)
    const end = events.at(-1)
    left -= events.length
    if (end === undefined || end.revision === 0) return { events, last: true }
    cursor = end.revision - 1
    return { events, last: last || left <= 0 }
  }
}
