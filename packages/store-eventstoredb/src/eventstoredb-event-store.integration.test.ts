import { randomUUID } from 'node:crypto'
import { describeEventStore } from '@infraledger/testkit'
import type { EventStore } from '@infraledger/core/adapter'
import { eventStoreDbServer } from '@infraledger/testkit/eventstoredb'
import { describe, it } from 'vitest'
import { eventStoreDbEventStore } from './eventstoredb-event-store.ts'

/** A real server or cluster, which may hold anything already; without it a server of the testkit is started. */
const url = process.env['EVENTSTOREDB_URL']

const TIMEOUT_MS = 60_000

describeEventStore(
  url === undefined ? 'EventStoreDB event store' : 'EventStoreDB event store on the server of EVENTSTOREDB_URL',
  async () => {
    const server = url === undefined ? await eventStoreDbServer() : undefined
    const connectionString = url ?? server?.connectionString ?? ''
    const streamPrefix = `infraledger-test-${randomUUID()}-`
    const opened: EventStore[] = []
    const open = async (): Promise<EventStore> => {
      const store = eventStoreDbEventStore({ connectionString, streamPrefix })
      opened.push(store)
      return store
    }
    const cleanup = async (): Promise<void> => {
      for (const store of opened) await store.close()
      await server?.close()
    }
    return { store: await open(), fresh: url === undefined, reopen: open, connect: open, cleanup }
  },
  // A real server answers across a network, and each case makes some hundred appends, one after the other.
  { describe, it: (title, run) => it(title, run, TIMEOUT_MS) },
)
