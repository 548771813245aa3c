import { inMemoryEventStore } from '@infraledger/core'
import type { AppendResult, EventStore, RecordedEvent } from '@infraledger/core/adapter'
import { streamWriter } from './stream-writer.ts'

/** Where the positions of a used store begin: more than a floating number holds. */
const BASE = 2n ** 53n + 7n

/**
 * A true store as others leave it and use it: it holds events already, somebody else's append comes before each of the
 * caller's, and its positions are large and have gaps.
 */
export function usedStore(stride = 3n): EventStore {
  const store = inMemoryEventStore()
  let others = 0
  const outside = (inside: bigint): bigint => BASE + inside * stride
  const inside = (position = 0n): bigint => (position < BASE ? 0n : (position - BASE) / stride)
  const seen = (event: RecordedEvent): RecordedEvent => ({ ...event, position: outside(event.position) })
  const mapped = (events: AsyncIterable<RecordedEvent>): AsyncIterable<RecordedEvent> => ({
    [Symbol.asyncIterator]() {
      const iterator = events[Symbol.asyncIterator]()
      return {
        async next() {
          const next = await iterator.next()
          return next.done === true ? next : { done: false, value: seen(next.value) }
        },
        async return() {
          await iterator.return?.()
          return { done: true, value: undefined }
        },
      }
    },
  })
  // Wrong bounds are handed on as they are, so that they are refused.
  const behind = <Options extends { readonly after?: bigint }>(options: Options): Options =>
    typeof options.after === 'bigint' && options.after >= 0n && options.after < 2n ** 63n
      ? { ...options, after: inside(options.after) }
      : options
  return {
    ...store,
    positions: 'monotonic',
    async append(stream, events, expected): Promise<AppendResult> {
      const somebody = streamWriter(`somebody-${(others += 1)}`)
      const [, result] = await Promise.all([somebody.append(store), store.append(stream, events, expected)])
      return { ...result, lastPosition: outside(result.lastPosition) }
    },
    readStream: (stream, options) => mapped(store.readStream(stream, options)),
    readAll: (options = {}) => mapped(store.readAll(behind(options))),
    subscribe: (options = {}) => mapped(store.subscribe(behind(options))),
  }
}
