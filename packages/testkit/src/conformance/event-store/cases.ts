import { appendingCases } from './appending.ts'
import { boundedMemoryCases } from './bounded-memory.ts'
import { closingCases } from './closing.ts'
import { concurrencyCases } from './concurrency.ts'
import { connectionCases } from './connections.ts'
import { contentCases } from './content.ts'
import type { EventStoreCase } from './harness.ts'
import { idempotencyCases } from './idempotency.ts'
import { modelCases } from './model.ts'
import { openTransactionCases } from './open-transactions.ts'
import { orderingCases } from './ordering.ts'
import { positionCases } from './positions.ts'
import { readingAllCases } from './reading-all.ts'
import { readingStreamCases } from './reading-stream.ts'
import { snapshotCases } from './snapshots.ts'
import { subscribingCases } from './subscribing.ts'

/**
 * What every event store must do, as data: run each with any test runner or none, on a store that is empty or not. Rules: README.md
 * beside this file.
 */
export const eventStoreCases: readonly EventStoreCase[] = [
  ...appendingCases,
  ...idempotencyCases,
  ...orderingCases,
  ...positionCases,
  ...contentCases,
  ...readingStreamCases,
  ...readingAllCases,
  ...subscribingCases,
  ...boundedMemoryCases,
  ...snapshotCases,
  ...closingCases,
  ...concurrencyCases,
  ...connectionCases,
  ...openTransactionCases,
  ...modelCases,
]
