import type { ChangeSignal } from './change-signal.ts'
import type { RecordedEvent } from './envelope.ts'
import type { SubscribeOptions } from './event-store.ts'

/** What a subscription sees of a store in one look. */
export type SubscriptionPage = {
  readonly events: readonly RecordedEvent[]
  /** The position up to which nothing is missing from `events`; never before the position that was asked for. */
  readonly upTo: bigint
  /** Whether there was nothing more behind this page when it was read. */
  readonly caughtUp: boolean
}

/** What a store gives so that {@link subscription} can follow it. */
export type SubscriptionSource = {
  readonly changes: ChangeSignal
  /** The next events behind a position, in order, at most a page of them. */
  readonly page: (after: bigint) => Promise<SubscriptionPage>
  /**
   * Starts to watch for the appends of other processes, and answers with how to stop; for stores that can be written by
   * several.
   */
  readonly watch?: () => () => void
}

/**
 * The subscription of every store that reads in pages: catches up, then waits for news. It ends when its signal aborts,
 * when its reader leaves, even in the middle of waiting, or when the store closes.
 */
export function subscription(source: SubscriptionSource, options: SubscribeOptions): AsyncIterable<RecordedEvent> {
  return {
    [Symbol.asyncIterator]() {
      const left = new AbortController()
      const signal = options.signal === undefined ? left.signal : AbortSignal.any([options.signal, left.signal])
      const events = follow(source, options.after ?? 0n, signal)
      return {
        next: () => events.next(),
        // A generator that waits would answer `return` only after the next event; the signal ends its waiting first.
        return() {
          left.abort()
          return events.return()
        },
      }
    },
  }
}

async function* follow(
  { changes, page, watch }: SubscriptionSource,
  after: bigint,
  signal: AbortSignal,
): AsyncGenerator<RecordedEvent, void> {
  const ended = (): boolean => signal.aborted || changes.closed()
  const stopWatching = ended() ? undefined : watch?.()
  try {
    for (let cursor = after; !ended();) {
      const seen = changes.count()
      const { events, upTo, caughtUp } = await page(cursor)
      for (const event of events) {
        if (ended()) return
        yield event
      }
      cursor = upTo
      if (caughtUp) await changes.since(seen, signal)
    }
  } catch (error) {
    // A page that failed because the store was closed under it is the end, not an error.
    if (!ended()) throw error
  } finally {
    stopWatching?.()
  }
}
