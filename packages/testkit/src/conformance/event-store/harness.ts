import type { EventStore, EventToAppend, ExpectedRevision } from '@infraledger/core/adapter'
import type { ConformanceCase } from '../suite.ts'

/**
 * One store for one case. It may hold events already, and others may write to it meanwhile: each case gives its
 * streams names of their own and looks at nothing else.
 */
export type EventStoreHarness = {
  readonly store: EventStore
  /**
   * The store holds nothing yet, and nobody but the case writes to it: what an empty store answers, and where
   * positions begin, is asked as well.
   */
  readonly fresh?: boolean
  /** Opens what `store` wrote before it was closed; left out by stores that keep nothing beyond their process. */
  readonly reopen?: () => Promise<EventStore>
  /**
   * Opens a further, independent handle on the same data, as another process would (a connection or pool of its own);
   * left out where there can be only one. `cleanup` closes it.
   */
  readonly connect?: () => Promise<EventStore>
  /**
   * Begins a transaction on a connection beside the store's and leaves it open; left out where a database has no such
   * thing.
   */
  readonly openForeignTransaction?: () => Promise<ForeignTransaction>
  /** Closes what is still open and removes what was made. */
  readonly cleanup: () => Promise<void>
}

/**
 * A transaction that somebody else began before the store's next appends and ends when it likes. Where the database can
 * do so without making the store wait, it has written something already that is none of the store's business (in
 * PostgreSQL: it has its transaction id).
 */
export type ForeignTransaction = {
  /**
   * Writes events at the end of a stream just as the store itself does, and does not commit. From here on the store may
   * wait for it.
   */
  readonly append: (stream: string, events: readonly EventToAppend[], expected: ExpectedRevision) => Promise<void>
  readonly commit: () => Promise<void>
  /** Undoes it; also how a case that failed lets go of it. Idempotent, and does nothing after `commit`. */
  readonly rollback: () => Promise<void>
}

/** One requirement on every event store. */
export type EventStoreCase = ConformanceCase<EventStoreHarness>
