import type { EventStore } from '@infraledger/core/adapter'
import {
  eventStoreDbServer,
  type EventStoreDbServer,
  type EventStoreDbServerOptions,
} from '@infraledger/testkit/eventstoredb'
import { onTestFinished } from 'vitest'
import { eventStoreDbEventStore } from './eventstoredb-event-store.ts'
import type { EventStoreDbEventStoreOptions } from './options.ts'

/** A server of this test's own, which goes when the test ends. */
export async function testServer(options?: EventStoreDbServerOptions): Promise<EventStoreDbServer> {
  const server = await eventStoreDbServer(options)
  onTestFinished(() => server.close())
  return server
}

/** A store on a server, closed when the test ends. */
export function openStore(
  { connectionString }: Pick<EventStoreDbServer, 'connectionString'>,
  options: Omit<EventStoreDbEventStoreOptions, 'connectionString' | 'client'> = {},
): EventStore {
  const store = eventStoreDbEventStore({ connectionString, ...options })
  onTestFinished(() => store.close())
  return store
}
