export { eventStoreDbEventStore } from './eventstoredb-event-store.ts'
export type { EventStoreDbEventStoreOptions } from './options.ts'
