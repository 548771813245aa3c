import type { EventStore } from '@infraledger/core/adapter'
import { wrongUsage } from './command-error.ts'
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
    async migrate({ writer, reader }) {
      if (writer !== undefined || reader !== undefined)
        throw wrongUsage(
          'EventStoreDB knows users and access lists of its own; --writer and --reader are for databases',
        )
      const store = await open()
      try {
        // Asked once, so that a server that is out of reach, or lets nobody read, is told now.
        for await (const _ of store.readAll({ limit: 1 })) break
        return { ledger: store.name, from: FORMAT_VERSION, to: FORMAT_VERSION }
      } finally {
        await store.close()
      }
    },
  }
}

const FORMAT_VERSION = 1

/** Loaded only now, so that command lines on a file start as fast as without it. */
async function connect(connectionString: string): Promise<EventStore> {
  const { eventStoreDbEventStore } = await import('@infraledger/store-eventstoredb')
  return eventStoreDbEventStore({ connectionString })
}
