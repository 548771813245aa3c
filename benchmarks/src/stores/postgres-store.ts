import { postgresEventStore } from '@infraledger/store-postgres'
import { startPostgres } from '@infraledger/testkit/postgresql'
import type { Row } from '../measure.ts'
import { compare } from './comparison.ts'
import { contender } from './contender.ts'
import { infraledgerStore } from './infraledger-store.ts'
import { startPeers } from './peers.ts'
import type { Peer } from './peers.ts'
import { postgresFloor } from './postgres-floor.ts'

const sizes = { singles: 300, batches: 20, many: 960 }

/** The store in PostgreSQL, beside `pg` alone and peers, each in a database of its own on one server. */
export async function postgresStore(): Promise<readonly Row[]> {
  const server = await startPostgres()
  try {
    const store = postgresEventStore({ connectionString: await server.databaseUrl('ours') })
    await store.migrate()
    const floor = await postgresFloor(await server.databaseUrl('floor'))
    const databases = new Map<Peer, string>()
    for (const peer of PEERS) databases.set(peer, await server.databaseUrl('peer'))
    return await compare({
      where: 'PostgreSQL',
      ours: contender('ours', infraledgerStore(store), sizes),
      beside: [
        { kind: 'floor', ...contender('pg alone, unsafe order', floor, sizes) },
        ...startPeers(PEERS, (peer) => databases.get(peer) ?? '', sizes),
      ],
      sizes,
      rounds: 7,
      goals: (work, { kind, name }) => {
        if (kind === 'floor') return work === 'many' ? { atMostTimes: 0.5 } : { atMostTimes: 1.3 }
        return work === 'singles' && name.startsWith('Emmett') ? { atLeastRate: 2 } : undefined
      },
    })
  } finally {
    await server.stop()
  }
}

const PEERS = ['emmett-postgres', 'castore-postgres', 'act-postgres'] as const
