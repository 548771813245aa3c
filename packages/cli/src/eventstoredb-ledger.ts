import type { EventStore } from '@infraledger/core/adapter'
import type { LedgerPlace } from './ledger-place.ts'

/** A ledger in EventStoreDB or KurrentDB. There is nothing to make before it is used: a stream is there with its first event. */
export function eventStoreDbLedger(connectionString: string): LedgerPlace {
  const open = async (): Promise<EventStore> => connect(connectionString)
  return {
    name: 'EventStoreDB',
    file: undefined,
    isThere: () => Promise.resolve(true),
    open,
    openOrCreate: open,
    migrate: undefined,
  }
}

/** Loaded only now, so that command lines on a file start as fast as without it. */
async function connect(connectionString: string): Promise<EventStore> {
  const { eventStoreDbEventStore } = await import('@infraledger/store-eventstoredb')
  return eventStoreDbEventStore({ connectionString })
}
