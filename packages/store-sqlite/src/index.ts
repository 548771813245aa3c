export { sqliteEventStore } from './sqlite-event-store.ts'
export type { SqliteEventStoreOptions } from './options.ts'
export { backUpSqliteStore } from './backing-up.ts'
export type { SqliteBackup, SqliteBackupOptions } from './backing-up.ts'
