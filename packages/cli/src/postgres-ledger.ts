import type { EventStore } from '@infraledger/core/adapter'
import type { PostgresEventStore } from '@infraledger/store-postgres'
import type { LedgerPlace } from './ledger-place.ts'

/** A ledger in PostgreSQL. Its tables are made by `infraledger migrate` alone, because who owns them matters. */
export function postgresLedger(connectionString: string): LedgerPlace {
  const open = async (): Promise<EventStore> => connect(connectionString)
  return {
    name: 'PostgreSQL',
    file: undefined,
    isThere: () => Promise.resolve(true),
    open,
    openOrCreate: open,
    async migrate({ writer, reader }) {
      const store = await connect(connectionString)
      try {
        const migration = await store.migrate()
        if (writer !== undefined) await store.grantWriter(writer)
        if (reader !== undefined) await store.grantReader(reader)
        return { ledger: store.name, ...migration }
      } finally {
        await store.close()
      }
    },
  }
}

/** Loaded only now, so that command lines on a file start as fast as without it. */
async function connect(connectionString: string): Promise<PostgresEventStore> {
  const { postgresEventStore } = await import('@infraledger/store-postgres')
  return postgresEventStore({ connectionString })
}
