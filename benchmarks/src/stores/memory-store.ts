import { inMemoryEventStore } from '@infraledger/core'
import type { Row } from '../measure.ts'
import { arrayFloor } from './array-floor.ts'
import { compare } from './comparison.ts'
import { contender } from './contender.ts'
import { infraledgerStore } from './infraledger-store.ts'
import { startPeers } from './peers.ts'

const sizes = { singles: 5_000, batches: 50, many: 5_000 }

/** The store in memory, its hash chain on, beside lists alone and the stores in memory of peers, which have none. */
export async function memoryStore(): Promise<readonly Row[]> {
  const peers = startPeers(['emmett-memory', 'castore-memory', 'act-memory'], () => '', sizes)
  return compare({
    where: 'memory',
    ours: contender('ours', infraledgerStore(inMemoryEventStore()), sizes),
    beside: [{ kind: 'floor', ...contender('lists alone', arrayFloor(), sizes) }, ...peers],
    sizes,
    rounds: 5,
    goals: (work, { name }) =>
      name.startsWith('Castore') && (work === 'singles' || work === 'batches') ? { atLeastRate: 2 } : undefined,
  })
}
