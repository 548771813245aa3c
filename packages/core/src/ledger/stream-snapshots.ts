import { openSnapshot, takeSnapshot } from '../environment/snapshot.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { StreamHead } from '../event-store/codec.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import type { EventStore, Snapshot } from '../event-store/event-store.ts'
import { isLedgerError } from '../ledger-error.ts'
import type { SnapshotPolicy } from './snapshot-policy.ts'
import { snapshotIgnored } from './warning.ts'
import type { SnapshotProblem, Warn } from './warning.ts'

/** A state, and where it stands in its stream. */
export type Folded = { readonly state: EnvironmentState; readonly head: StreamHead }

/** When snapshots are taken, and who hears of those that cannot be used. */
export type SnapshotOptions = { readonly snapshots: SnapshotPolicy; readonly warn: Warn }

/** The snapshots of one stream, by the policy of the ledger. */
export type StreamSnapshots = {
  /** The state that is kept; undefined where there is none that can be trusted. */
  readonly open: () => Promise<Folded | undefined>
  /** Keeps a state where the policy says that it is time, or where what is kept cannot be used. */
  readonly keep: (folded: Folded) => Promise<void>
}

/** Opens and keeps snapshots of an environment's stream. */
export function streamSnapshots(
  store: EventStore,
  stream: string,
  environment: string,
  { snapshots, warn }: SnapshotOptions,
): StreamSnapshots {
  if (snapshots === 'off') return { open: async () => undefined, keep: async () => undefined }
  const { everyEvents } = snapshots
  let lastRevision = -1
  let unusable: Pick<Snapshot, 'revision' | 'hash'> | undefined

  return {
    async open() {
      const snapshot = await store.loadSnapshot(stream)
      if (snapshot === undefined) return undefined
      const folded = await foldedOf(store, snapshot)
      if (typeof folded !== 'string') {
        lastRevision = snapshot.revision
        return folded
      }
      unusable = { revision: snapshot.revision, hash: snapshot.hash }
      warn(snapshotIgnored(environment, snapshot.revision, folded))
      return undefined
    },
    async keep({ state, head }) {
      const isDue = unusable !== undefined || head.revision - lastRevision >= everyEvents
      const snapshot = isDue && head.revision >= 0 ? takeSnapshot({ stream, ...head }, state) : undefined
      if (snapshot === undefined) return
      const replaced = unusable
      unusable = undefined
      lastRevision = head.revision
      await store.saveSnapshot(snapshot, replaced).catch((error: unknown) => {
        // A snapshot only saves time, so one that cannot be kept (a ledger opened to read, a full disk) hinders nobody.
        if (!isLedgerError(error)) throw error
      })
    },
  }
}

/** The state of a snapshot, held against the event that it says it was made of, as the store has it now; or why it cannot be used. */
async function foldedOf(store: EventStore, snapshot: Snapshot): Promise<Folded | SnapshotProblem> {
  const event = await eventAt(store, snapshot)
  if (event === undefined) return 'revision-missing'
  if (event.hash !== snapshot.hash) return 'history-differs'
  const opened = openSnapshot(snapshot)
  if (opened.type === 'unusable') return opened.reason
  const { revision, hash, recordedAt } = event
  return { state: opened.state, head: { revision, hash, recordedAt } }
}

async function eventAt(store: EventStore, { stream, revision }: Snapshot): Promise<RecordedEvent | undefined> {
  // A damaged row may hold a number that is no revision.
  if (!Number.isSafeInteger(revision) || revision < 0) return undefined
  for await (const event of store.readStream(stream, { from: revision, limit: 1 })) return event
  return undefined
}
