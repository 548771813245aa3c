import { describeEventStore } from '@infraledger/testkit'
import { startPostgres, type TestPostgres } from '@infraledger/testkit/postgresql'
import type { EventStore } from '@infraledger/core/adapter'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { openForeignTransaction } from './foreign-transaction.fixture.ts'
import { postgresEventStore } from './postgres-event-store.ts'
import { freshStore } from './store.fixture.ts'

let server: TestPostgres
let connectionString: string
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
  connectionString = await server.databaseUrl()
})
afterAll(() => server.stop())

describeEventStore(
  'PostgreSQL event store',
  async () => {
    const { store, schema } = await freshStore(connectionString)
    const opened: EventStore[] = [store]
    const connect = async (): Promise<EventStore> => {
      const further = postgresEventStore({ connectionString, schema })
      opened.push(further)
      return further
    }
    const cleanup = async (): Promise<void> => {
      await Promise.all(opened.map((each) => each.close()))
    }
    return {
      store,
      fresh: true,
      reopen: connect,
      connect,
      openForeignTransaction: () => openForeignTransaction(connectionString, schema),
      cleanup,
    }
  },
  { describe, it },
)
