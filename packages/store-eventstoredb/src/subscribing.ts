import type { RecordedEvent, SubscribeOptions } from '@infraledger/core/adapter'
import { follow, type FollowingStore } from './following.ts'

/** Our events behind a position, and then what is appended, until the signal aborts, the reader leaves or the store closes. */
export function subscribed(
  store: FollowingStore & { readonly closed: AbortSignal },
  options: SubscribeOptions,
): AsyncIterable<RecordedEvent> {
  const { after = 0n, types, signal } = options
  return {
    [Symbol.asyncIterator]() {
      const left = new AbortController()
      const ends = [left.signal, store.closed, ...(signal === undefined ? [] : [signal])]
      const events = follow(store, { after, types, signal: AbortSignal.any(ends) })
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
