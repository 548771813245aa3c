import { eventDecoder } from '../event-store/codec.ts'
import type { StreamHead } from '../event-store/codec.ts'
import { GENESIS_HASH } from '../event-store/envelope.ts'
import type { EventToAppend, RecordedEvent } from '../event-store/envelope.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { environmentStreamName } from '../event-store/stream-names.ts'
import { emptyState, evolve } from '../environment/state.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { LedgerEvent } from '../environment/catalogue.ts'
import { streamSnapshots } from './stream-snapshots.ts'
import type { SnapshotOptions } from './stream-snapshots.ts'

/** The folded state of one environment's stream, kept current. One owner; others read. */
export interface EnvironmentStream {
  readonly name: string
  readonly state: EnvironmentState
  /** Revision -1 while the stream does not exist. */
  readonly head: StreamHead
  /** Types that this version of the library does not know and that are not marked ignorable. */
  readonly unknownTypes: ReadonlySet<string>
  /** Reads and folds what came since. May be called while another call reads. */
  catchUp(): Promise<void>
  /** The same, and answers the events from a revision on: what was written after a decision was made. */
  readFrom(revision: number): Promise<readonly LedgerEvent[]>
  /** Folds events that were just appended from a revision on, unless a reader was faster. */
  applyAppended(events: readonly EventToAppend[], firstRevision: number): readonly LedgerEvent[]
  /** Loads the whole history where the state came from a snapshot. */
  loadHistory(): Promise<void>
}

type Fold = { state: EnvironmentState; head: StreamHead }

/** Opens the state of an environment's stream: from a snapshot where one is kept that can be trusted, else by replay. */
export function environmentStream(store: EventStore, environment: string, options: SnapshotOptions): EnvironmentStream {
  const name = environmentStreamName(environment)
  const snapshots = streamSnapshots(store, name, environment, options)
  const decode = eventDecoder()
  const unknownTypes = new Set<string>()
  let fold: Fold = emptyFold()
  let opening: Promise<void> | undefined

  /** Folds the event that comes next. Readers overlap: one that was folded already is left alone, and so is one before whose time has not come. */
  function apply(into: Fold, recorded: RecordedEvent): LedgerEvent {
    const { event, known, ignorable } = decode(recorded)
    if (recorded.revision !== into.head.revision + 1) return event
    if (known) evolve(into.state, event)
    else if (!ignorable) unknownTypes.add(recorded.type)
    into.head = { revision: recorded.revision, hash: recorded.hash, recordedAt: recorded.recordedAt }
    return event
  }

  async function open(): Promise<void> {
    fold = (await snapshots.open()) ?? fold
  }

  /** Once; again where it failed, for the store may be out of reach for a moment only. */
  function opened(): Promise<void> {
    opening ??= open().catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }

  async function catchUp(): Promise<void> {
    await opened()
    for await (const recorded of store.readStream(name, { from: fold.head.revision + 1 })) apply(fold, recorded)
    if (unknownTypes.size === 0) await snapshots.keep(fold)
  }

  return {
    name,
    get state() {
      return fold.state
    },
    get head() {
      return fold.head
    },
    unknownTypes,
    catchUp,
    async readFrom(revision) {
      const events: LedgerEvent[] = []
      for await (const recorded of store.readStream(name, { from: revision })) events.push(apply(fold, recorded))
      return events
    },
    applyAppended(events, firstRevision) {
      return events.map((event, index) =>
        apply(fold, { ...event, stream: name, revision: firstRevision + index, position: 0n }),
      )
    },
    async loadHistory() {
      // Folded aside, so that whoever works on the state meanwhile is not disturbed; it takes over once it is as far.
      const whole = emptyFold()
      while (fold.state.graph.firstVersion > 1 && fold.head.revision > whole.head.revision) {
        for await (const recorded of store.readStream(name, { from: whole.head.revision + 1 })) apply(whole, recorded)
      }
      if (fold.state.graph.firstVersion > 1) fold = whole
    },
  }
}

function emptyFold(): Fold {
  return { state: emptyState(), head: { revision: -1, hash: GENESIS_HASH, recordedAt: '' } }
}
