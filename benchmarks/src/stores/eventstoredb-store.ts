import { eventStoreDbEventStore } from '@infraledger/store-eventstoredb'
import { eventStoreDbServer } from '@infraledger/testkit/eventstoredb'
import type { Row } from '../measure.ts'
import { compare } from './comparison.ts'
import { contender } from './contender.ts'
import { eventStoreDbFloor } from './eventstoredb-floor.ts'
import { infraledgerStore } from './infraledger-store.ts'

const sizes = { singles: 300, batches: 20, many: 960 }

/**
 * The store over EventStoreDB's client, beside the client alone. Each talks to a wire server of the testkit in this process, which keeps
 * nothing on a disk: it shows what the store adds to the client, and nothing of how fast a real server is.
 */
export async function eventStoreDbStore(): Promise<readonly Row[]> {
  const [server, beside] = [await eventStoreDbServer(), await eventStoreDbServer()]
  try {
    const { connectionString } = server
    return await compare({
      where: 'EventStoreDB’s client, test server',
      ours: contender('ours', infraledgerStore(eventStoreDbEventStore({ connectionString })), sizes),
      beside: [{ kind: 'floor', ...contender('the client alone', eventStoreDbFloor(beside.connectionString), sizes) }],
      sizes,
      rounds: 3,
      goals: (work) => (work === 'many' ? undefined : { atMostTimes: 1.3 }),
    })
  } finally {
    await server.close()
    await beside.close()
  }
}
