export { sqliteEventStore } from './sqlite-event-store.ts'
export type { SqliteEventStoreOptions } from './options.ts'
