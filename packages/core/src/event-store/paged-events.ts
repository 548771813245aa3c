import type { RecordedEvent } from './envelope.ts'

/** Some events in order; `last` says that there is nothing behind them that belongs to the read. */
export type EventPage = { readonly events: readonly RecordedEvent[]; readonly last: boolean }

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }

/**
 * The events of a read, page by page: `start` begins a read and answers with what fetches its next page, never two at a
 * time. Written by hand, because a generator awaits three times for each event, which costs about as much as reading
 * it.
 */
export function pagedEvents(start: () => () => Promise<EventPage>): AsyncIterable<RecordedEvent> {
  return { [Symbol.asyncIterator]: () => iterator(start()) }
}

function iterator(nextPage: () => Promise<EventPage>): AsyncIterator<RecordedEvent, undefined> {
  let page: EventPage = { events: [], last: false }
  let index = 0
  let fetching: Promise<void> | undefined

  async function fetch(): Promise<void> {
    try {
      const fetched = await nextPage()
      // A reader that left in the meantime gets nothing more.
      if (!page.last) page = fetched
      index = 0
    } catch (error) {
      page = { events: [], last: true }
      throw error
    } finally {
      fetching = undefined
    }
  }

  async function fetched(): Promise<IteratorResult<RecordedEvent, undefined>> {
    fetching ??= fetch()
    await fetching
    return next()
  }

  function next(): Promise<IteratorResult<RecordedEvent, undefined>> {
    const event = page.events[index]
    if (event !== undefined) {
      index += 1
      return Promise.resolve({ done: false, value: event })
    }
    return page.last ? Promise.resolve(DONE) : fetched()
  }

  return {
    next,
    return() {
      page = { events: [], last: true }
      return Promise.resolve(DONE)
    },
  }
}
