import type { EventStoreDBClient, Position, ResolvedEvent, START } from '@eventstore/db-client'
import { clientStream } from './client-stream.ts'
import type { LogFilter } from './log-filter.ts'

/** What a subscription to the server's log gives, in the order in which the server sent it. */
export type LogMessage =
  | { readonly type: 'event'; readonly resolved: ResolvedEvent }
  /** Nothing that passes the filter lies between the message before and this position. */
  | { readonly type: 'checkpoint'; readonly position: Position }
  /** All that was in the log when the subscription began has been given. */
  | { readonly type: 'caught-up' }

/** One subscription, read message by message. */
export type LogSubscription = {
  /** The next message; undefined once the signal has aborted. Throws the client's errors. */
  next(): Promise<LogMessage | undefined>
  /** Calls it off on the server. */
  close(): void
}

/** So many events are read ahead here; gRPC below reads 16 ahead, and an event may have half a megabyte. */
const BUFFERED_EVENTS = 2

/** Subscribes behind a position to what passes a filter of the server's. */
export function subscribeToLog(
  client: EventStoreDBClient,
  after: Position | typeof START,
  filter: LogFilter,
  signal: AbortSignal,
): LogSubscription {
  const signals: { readonly message: LogMessage; readonly behind: number }[] = []
  let taken = 0
  const tell = (message: LogMessage): void => {
    // It is told before the events ahead of it are taken, so it has to wait for those that are still buffered.
    signals.push({ message, behind: taken + subscription.readableLength })
    stream.news.raise()
  }
  const subscription = client.subscribeToAll(
    {
      fromPosition: after,
      requiresLeader: true,
      filter: filter((position) => tell({ type: 'checkpoint', position })),
    },
    { highWaterMark: BUFFERED_EVENTS },
  )
  const stream = clientStream(subscription)
  subscription.on('caughtUp', () => tell({ type: 'caught-up' }))

  function message(): LogMessage | undefined {
    if (signals[0] !== undefined && signals[0].behind <= taken) return signals.shift()?.message
    const resolved = stream.take()
    if (resolved === undefined) return undefined
    taken += 1
    // The client's stream holds nothing else.
    return { type: 'event', resolved: resolved as ResolvedEvent }
  }

  return {
    async next() {
      while (!signal.aborted) {
        const seen = stream.news.count()
        const next = message()
        if (next !== undefined) return next
        if (stream.ended()) throw endedByServer()
        await stream.news.since(seen, signal)
      }
      return undefined
    },
    close() {
      subscription.unsubscribe().catch(() => {})
      stream.release()
    },
  }
}

/** A server that shuts down ends its subscriptions without an error. */
function endedByServer(): Error {
  return Object.assign(new Error('The server ended the subscription'), { code: UNAVAILABLE, details: '' })
}

/** gRPC's code for a server that cannot be used now. */
const UNAVAILABLE = 14
