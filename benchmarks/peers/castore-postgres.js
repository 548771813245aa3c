import { PostgresEventStorageAdapter } from '@castore/event-storage-adapter-postgres'
import { castoreStore } from './castore-store.js'

export async function open(connectionString) {
  await PostgresEventStorageAdapter.createEventTable({ connectionString, aggregateId: { type: 'VARCHAR', length: 64 } })
  const adapter = new PostgresEventStorageAdapter({ connectionString })
  return castoreStore(adapter, () => adapter._sql.end())
}
