import type { EventStore } from '@infraledger/core/adapter'
import type { ConformanceCase } from '../suite.ts'

/** One fresh, empty store for one case. */
export type EventStoreHarness = {
  readonly store: EventStore
  /** Opens what `store` wrote before it was closed; left out by stores that keep nothing beyond their process. */
  readonly reopen?: () => Promise<EventStore>
  /** Closes what is still open and removes what was made. */
  readonly cleanup: () => Promise<void>
}

/** One requirement on every event store. */
export type EventStoreCase = ConformanceCase<EventStoreHarness>
