import { appendingCases } from './appending.ts'
import { closingCases } from './closing.ts'
import { concurrencyCases } from './concurrency.ts'
import { contentCases } from './content.ts'
import type { EventStoreCase } from './harness.ts'
import { idempotencyCases } from './idempotency.ts'
import { modelCases } from './model.ts'
import { orderingCases } from './ordering.ts'
import { readingAllCases } from './reading-all.ts'
import { readingStreamCases } from './reading-stream.ts'
import { snapshotCases } from './snapshots.ts'
import { subscribingCases } from './subscribing.ts'

/**
 * What every event store must do, as data: run each on a fresh store, with any test runner or none. Rules: README.md
 * beside this file.
 */
export const eventStoreCases: readonly EventStoreCase[] = [
  ...appendingCases,
  ...idempotencyCases,
  ...orderingCases,
  ...contentCases,
  ...readingStreamCases,
  ...readingAllCases,
  ...subscribingCases,
  ...snapshotCases,
  ...closingCases,
  ...concurrencyCases,
  ...modelCases,
]
