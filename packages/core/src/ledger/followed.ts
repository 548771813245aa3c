import type { RecordedEvent } from '../event-store/envelope.ts'
import type { EventStore, SubscribeOptions } from '../event-store/event-store.ts'

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }

/**
 * What a subscription tells, put in another form. No generator: one that waits would answer `return` only after the next event, and a
 * reader that leaves must not have to wait for it.
 */
export function followed<Item>(
  store: EventStore,
  options: SubscribeOptions,
  form: (recorded: RecordedEvent) => Item,
): AsyncIterable<Item> {
  const recorded = store.subscribe(options)
  return {
    [Symbol.asyncIterator]() {
      const events = recorded[Symbol.asyncIterator]()
      return {
        async next() {
          const { done, value } = await events.next()
          return done === true ? DONE : { done: false, value: form(value) }
        },
        async return() {
          await events.return?.()
          return DONE
        },
      }
    },
  }
}
