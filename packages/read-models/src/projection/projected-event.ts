import type { EventType, LedgerEvent } from '@infraledger/core/rules'
import type { WorkingSet } from './working-set.ts'

/** An event as the projection handles it. */
export type Projected<T extends EventType = EventType> = LedgerEvent<T> & {
  readonly environment: string
  /** When the ledger knew it: for what an import brought, when that was completed (ISO 8601). */
  readonly knownAt: string
}

/** What each type of event makes of the tables. */
export type Projections = {
  readonly [T in EventType]?: (rows: WorkingSet, event: Projected<T>) => void
}
