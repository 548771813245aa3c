import { join } from 'node:path'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import type { Row } from '../measure.ts'
import { compare } from './comparison.ts'
import { contender } from './contender.ts'
import { infraledgerStore } from './infraledger-store.ts'
import { startPeers } from './peers.ts'
import { sqliteFloor } from './sqlite-floor.ts'

const sizes = { singles: 200, batches: 20, many: 480 }

/** The store in a file with `synchronous=FULL`, beside `node:sqlite` alone and peers as they open a file by default. */
export async function sqliteStore(folder: string): Promise<readonly Row[]> {
  const peers = startPeers(['emmett-sqlite', 'act-sqlite'], (peer) => join(folder, `${peer}.db`), sizes)
  const store = sqliteEventStore({ file: join(folder, 'store.db') })
  return compare({
    where: 'SQLite',
    ours: contender('ours', infraledgerStore(store), sizes),
    beside: [
      { kind: 'floor', ...contender('node:sqlite alone', sqliteFloor(join(folder, 'floor.db')), sizes) },
      ...peers,
    ],
    sizes,
    rounds: 7,
    goals: (work, { kind, name }) => {
      if (kind === 'floor') return work === 'many' ? { atMostTimes: 0.5 } : { atMostTimes: 1.3 }
      return work === 'singles' && name.startsWith('Emmett') ? { atLeastRate: 50 } : undefined
    },
  })
}
