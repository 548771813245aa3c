import { setImmediate as nextTurn } from 'node:timers/promises'
import { checkReadOptions, isLedgerError, pagedEvents } from '@infraledger/core/adapter'
import type {
  EventPage,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  SubscribeOptions,
  SubscriptionPage,
} from '@infraledger/core/adapter'
import type { Row, Statement } from './connection.ts'
import { PAGE_LIMITS, toPage } from './event-pages.ts'
import type { Reading } from './reading.ts'

/** Runs a query on the open store, again while the server is away, and translates its errors. */
export type Look = (query: Statement) => Promise<Row[]>

/** The events of one stream, up to what is there when reading begins. */
export function streamEvents(
  read: Reading,
  look: Look,
  stream: string,
  options: ReadStreamOptions,
): AsyncIterable<RecordedEvent> {
  const { from, backwards = false } = options
  return inPages<number>(
    look,
    options,
    backwards
      ? {
          page: (limit, cursor) => read.streamDown(limit, stream, cursor),
          first: from ?? Number.MAX_SAFE_INTEGER,
          next: ({ revision }) => revision - 1,
          isBehind: () => false,
        }
      : {
          page: (limit, cursor) => read.streamUp(limit, stream, cursor),
          first: from ?? 0,
          next: ({ revision }) => revision + 1,
          isBehind: ({ revision }, bound) => revision > Number(bound),
        },
  )
}

/** Below every position that the table could hold: whoever reads all must see also what somebody hid at 0, or below. */
const BEFORE_ALL = -(2n ** 63n)

/** The events of the whole store, up to what is there when reading begins. */
export function allEvents(read: Reading, look: Look, options: ReadAllOptions): AsyncIterable<RecordedEvent> {
  const { after = BEFORE_ALL, types } = options
  return inPages<bigint>(look, options, {
    page: (limit, cursor) => read.all(limit, cursor, types),
    first: after,
    next: ({ position }) => position,
    isBehind: ({ position }, bound) => position > BigInt(bound),
  })
}

/**
 * What a subscription sees when it looks behind a position. The first look fails where the server is out of reach; later
 * on, a server that is away has no news, and the poll makes the subscription look again.
 */
export function subscriptionPages(
  read: Reading,
  { look, lookOnce }: { readonly look: Look; readonly lookOnce: Look },
  { types }: SubscribeOptions,
): (after: bigint) => Promise<SubscriptionPage> {
  let begun = false
  return async (after) => {
    try {
      const rows = await (begun ? lookOnce : look)(read.news(PAGE_LIMITS.events, after, types))
      begun = true
      return subscriptionPage(rows, after)
    } catch (error) {
      if (begun && isLedgerError(error, 'store-unavailable') && error.retryable)
        return { events: [], upTo: after, caughtUp: true }
      throw error
    }
  }
}

function subscriptionPage(rows: readonly Row[], after: bigint): SubscriptionPage {
  const { events, last, bound } = toPage(rows, PAGE_LIMITS.events)
  const end = BigInt(bound ?? 0)
  const head = end > after ? end : after
  return { events, upTo: last ? head : (events.at(-1)?.position ?? head), caughtUp: last }
}

/** A course through what there was when reading began. */
type Course<Cursor> = {
  /** Asks for one page from a cursor. */
  readonly page: (limit: number, cursor: Cursor) => Statement
  readonly first: Cursor
  /** The cursor that follows an event. */
  readonly next: (event: RecordedEvent) => Cursor
  /** Whether an event came after reading began: it lies behind what the first page said of the end. */
  readonly isBehind: (event: RecordedEvent, bound: string) => boolean
}

/**
 * Reads a course page by page. While one page is being read, the server looks up the next one: so there are at most two
 * in memory, and who leaves early has asked for one in vain.
 */
function inPages<Cursor>(
  look: Look,
  options: ReadStreamOptions | ReadAllOptions,
  course: Course<Cursor>,
): AsyncIterable<RecordedEvent> {
  return pagedEvents(() => {
    let cursor = course.first
    let end: string | undefined
    let left = options.limit ?? Infinity
    let ahead: Promise<EventPage> | undefined

    async function fetch(): Promise<EventPage> {
      checkReadOptions(options)
      const limit = Math.min(left, PAGE_LIMITS.events)
      const { events, last, bound } = toPage(await look(course.page(limit, cursor)), limit)
      end ??= bound
      left -= events.length
      const latest = events.at(-1)
      if (latest === undefined) return { events, last: true }
      cursor = course.next(latest)
      if (end !== undefined && course.isBehind(latest, end)) return upTo(events, course, end)
      return { events, last: last || left <= 0 }
    }

    return async () => {
      const page = await (ahead ?? fetch())
      ahead = undefined
      if (!page.last) {
        ahead = fetch()
        // Whoever asks for it is told; one that nobody asks for any more has failed unheard.
        ahead.catch(() => {})
        // Sent now: a reader that only computes leaves no turn for it before the page is read.
        await nextTurn()
      }
      return page
    }
  })
}

function upTo<Cursor>(events: readonly RecordedEvent[], { isBehind }: Course<Cursor>, end: string): EventPage {
  return { events: events.filter((event) => !isBehind(event, end)), last: true }
}
