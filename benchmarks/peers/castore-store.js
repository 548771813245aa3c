import { EventStore, EventType } from '@castore/core'

const eventTypes = ['NodeVersionRecorded', 'StepSucceeded', 'ObservationCompleted'].map(
  (type) => new EventType({ type }),
)

const detail = (aggregateId, { type, data, metadata }, version) => ({
  aggregateId,
  version,
  type,
  payload: data,
  metadata,
})

/** A store of Castore, of any of its adapters, as the comparison uses it. */
export function castoreStore(eventStorageAdapter, close = async () => {}) {
  const store = new EventStore({
    eventStoreId: 'bench',
    eventTypes,
    reducer: (state) => state,
    eventStorageAdapter,
  })
  return {
    async append(stream, events, at) {
      const details = events.map((event, index) => detail(stream, event, at + index + 1))
      if (details.length === 1) await store.pushEvent(details[0])
      else await EventStore.pushEventGroup(...details.map((each) => store.groupEvent(each)))
    },
    async read(stream, apply) {
      for (const { payload } of (await store.getEvents(stream)).events) apply({ data: payload })
    },
    /** There is no order over all streams: one stream after the other. */
    async readAll(apply) {
      let pageToken
      do {
        const page = await store.listAggregateIds({ limit: 100, pageToken })
        for (const { aggregateId } of page.aggregateIds) await this.read(aggregateId, apply)
        pageToken = page.nextPageToken
      } while (pageToken !== undefined)
    },
    close,
  }
}
