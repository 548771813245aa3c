import { setImmediate as nextTurn } from 'node:timers/promises'
import { checkReadOptions, pagedEvents } from '@infraledger/core/adapter'
import type {
  EventPage,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  SubscriptionPage,
} from '@infraledger/core/adapter'
import { PAGE_LIMITS } from './event-pages.ts'
import type { Reading } from './reading.ts'

/** Runs a query on the open store, again while the file is busy, and translates its errors. */
export type Look = <T>(query: () => T) => Promise<T>

/** The events of one stream, up to what is there when reading begins. */
export function streamEvents(
  read: Reading,
  look: Look,
  stream: string,
  options: ReadStreamOptions,
): AsyncIterable<RecordedEvent> {
  const { from, backwards = false } = options
  return inPages(look, options, () => {
    if (backwards) {
      const page = (left: number, cursor: number): EventPage => read.streamDown(left, stream, cursor)
      return { page, first: from ?? Number.MAX_SAFE_INTEGER, next: ({ revision }) => revision - 1 }
    }
    const upTo = read.lastRevision(stream)
    const page = (left: number, cursor: number): EventPage => read.streamUp(left, stream, cursor, upTo)
    return { page, first: from ?? 0, next: ({ revision }) => revision + 1 }
  })
}

/** Below every position that the file could hold: whoever reads all must see also what somebody hid at 0, or below. */
const BEFORE_ALL = -(2n ** 63n)

/** The events of the whole store, up to what is there when reading begins. */
export function allEvents(read: Reading, look: Look, options: ReadAllOptions): AsyncIterable<RecordedEvent> {
  const { after = BEFORE_ALL, types } = options
  return inPages(look, options, () => {
    const upTo = read.lastPosition()
    const page = (left: number, cursor: bigint): EventPage => read.all(left, cursor, upTo, types)
    return { page, first: after, next: ({ position }) => position }
  })
}

/** What a subscription sees when it looks behind `after`. */
export function subscriptionPage(read: Reading, after: bigint, types: readonly string[] | undefined): SubscriptionPage {
  const end = read.lastPosition()
  const head = end > after ? end : after
  const { events, last } = read.all(PAGE_LIMITS.events, after, head, types)
  return { events, upTo: last ? head : (events.at(-1)?.position ?? head), caughtUp: last }
}

/**
 * A course through the store: a query for one page from a cursor, the first cursor, and the one that follows an event.
 */
type Course<Cursor> = {
  readonly page: (left: number, cursor: Cursor) => EventPage
  readonly first: Cursor
  readonly next: (event: RecordedEvent) => Cursor
}

/** Reads a course page by page, with a turn of the event loop between two so that others get theirs. */
function inPages<Cursor>(
  look: Look,
  options: ReadStreamOptions | ReadAllOptions,
  plan: () => Course<Cursor>,
): AsyncIterable<RecordedEvent> {
  return pagedEvents(() => {
    const nextPage = pagesOf(plan, options.limit ?? Infinity)
    let begun = false
    return async () => {
      if (begun) await nextTurn()
      begun = true
      checkReadOptions(options)
      return look(nextPage)
    }
  })
}

/** The pages of a course, one with each call; the course is planned with the first. */
function pagesOf<Cursor>(plan: () => Course<Cursor>, limit: number): () => EventPage {
  let underWay: { readonly course: Course<Cursor>; cursor: Cursor } | undefined
  let left = limit
  return () => {
    underWay ??= begun(plan())
    const { course, cursor } = underWay
    const { events, last } = course.page(left, cursor)
    const end = events.at(-1)
    if (end === undefined) return { events, last: true }
    left -= events.length
    underWay.cursor = course.next(end)
    return { events, last: last || left <= 0 }
  }
}

function begun<Cursor>(course: Course<Cursor>): { readonly course: Course<Cursor>; cursor: Cursor } {
  return { course, cursor: course.first }
}
