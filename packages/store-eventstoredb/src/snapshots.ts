import {
  BACKWARDS,
  END,
  FORWARDS,
  NO_STREAM,
  WrongExpectedVersionError,
  type EventData,
  type EventStoreDBClient,
} from '@eventstore/db-client'
import { LedgerError } from '@infraledger/core/adapter'
import type { Snapshot } from '@infraledger/core/adapter'
import { retried, type RetryPolicy } from './retrying.ts'
import { readPage } from './server-read.ts'
import {
  assembled,
  chunkContent,
  snapshotAppends,
  snapshotHeader,
  SNAPSHOTS_PREFIX,
  type SnapshotHeader,
} from './snapshot-events.ts'
import type { StreamIds } from './stream-ids.ts'

/** The newest snapshot of each stream. */
export type Snapshots = {
  /** Keeps it unless a newer one is kept that is not the `unusable` one. */
  save(snapshot: Snapshot, unusable?: SnapshotPlace): Promise<void>
  load(stream: string): Promise<Snapshot | undefined>
}

type SnapshotPlace = Pick<Snapshot, 'revision' | 'hash'>

/** What keeping snapshots needs of the store. */
export type SnapshotStore = {
  readonly client: EventStoreDBClient
  readonly appender: EventStoreDBClient
  readonly policy: RetryPolicy
  readonly ids: StreamIds
  readonly streamPrefix: string
  readonly maxAppendBytes: number
}

/** What of an append's bytes is left to names and to the event that completes a snapshot. */
const ENVELOPE_BYTES = 16 * 1024

/** How often saving or loading begins again because somebody else saved meanwhile. */
const ATTEMPTS = 5

/**
 * Keeps the snapshots of a stream in a stream of their own: chunks, then an event that completes them; what is not
 * complete is not seen. It is truncated (`$tb`) to the newest one, which a maximum count could not do where one
 * snapshot is several events. With a snapshot go the ids of its stream, so that the first append after a start need not
 * read them from its beginning.
 */
export function snapshots(store: SnapshotStore): Snapshots {
  const { policy, ids, streamPrefix } = store
  const nameFor = (stream: string): string => SNAPSHOTS_PREFIX + streamPrefix + stream
  return {
    async save(snapshot, unusable) {
      const name = nameFor(snapshot.stream)
      const known = ids.upTo(snapshot.stream, snapshot.revision) ?? []
      const appends = snapshotAppends(snapshot, known, store.maxAppendBytes - ENVELOPE_BYTES)
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const { lastRevision, found } = await newest(store, name)
        if (found !== undefined && isNewer(found.header, snapshot, unusable)) return
        const first = await write(store, name, lastRevision, appends)
        if (first !== undefined) return truncate(store, name, first)
      }
      throw contended(policy.store, snapshot.stream)
    },
    async load(stream) {
      const name = nameFor(stream)
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const { found } = await newest(store, name)
        if (found === undefined) return undefined
        const chunks = await chunksOf(store, name, found)
        const loaded = assembled(stream, found.header, chunks)
        // Another process may have saved a newer one meanwhile, and truncated this one away.
        if (loaded === undefined) continue
        ids.extend(
          stream,
          loaded.ids.map((id, revision) => ({ id, revision })),
        )
        return loaded.snapshot
      }
      return undefined
    },
  }
}

function isNewer(kept: SnapshotPlace, { revision }: SnapshotPlace, unusable: SnapshotPlace | undefined): boolean {
  return kept.revision > revision && !(kept.revision === unusable?.revision && kept.hash === unusable.hash)
}

type Found = { readonly header: SnapshotHeader; readonly revision: number }

/** Looks back from the end of a stream of snapshots for the last event that completes one. */
async function newest(
  { client, policy }: SnapshotStore,
  name: string,
): Promise<{ readonly lastRevision: number; readonly found: Found | undefined }> {
  let lastRevision = -1
  for (let fromRevision: bigint | typeof END = END; ;) {
    // The event that completes a snapshot is the last one, unless another process is saving; then its chunks are.
    const read = { direction: BACKWARDS, fromRevision, limit: 2 } as const
    const { items, last } = await retried(policy, () =>
      readPage(client, name, read, (resolved) => {
        const revision = Number(resolved.event?.revision ?? 0n)
        return { item: { revision, header: snapshotHeader(resolved) }, bytes: 0 }
      }),
    )
    lastRevision = Math.max(lastRevision, items[0]?.revision ?? -1)
    for (const { revision, header } of items)
      if (header !== undefined) return { lastRevision, found: { header, revision } }
    const end = items.at(-1)?.revision ?? 0
    if (last || end === 0) return { lastRevision, found: undefined }
    fromRevision = BigInt(end - 1)
  }
}

/** Writes a snapshot behind `lastRevision`; undefined when somebody else wrote there. Answers with its first revision. */
async function write(
  { appender, policy }: SnapshotStore,
  name: string,
  lastRevision: number,
  appends: readonly EventData[][],
): Promise<number | undefined> {
  let expectedRevision: bigint | typeof NO_STREAM = lastRevision < 0 ? NO_STREAM : BigInt(lastRevision)
  let first: number | undefined
  try {
    for (const events of appends) {
      const { nextExpectedRevision } = await retried(policy, () =>
        appender.appendToStream(name, events, { expectedRevision, requiresLeader: true }),
      )
      first ??= Number(nextExpectedRevision) - events.length + 1
      expectedRevision = nextExpectedRevision
    }
    return first
  } catch (error) {
    if (error instanceof WrongExpectedVersionError) return undefined
    throw error
  }
}

/** Lets the server drop what is older than a snapshot, and keeps what else the stream's metadata says. */
async function truncate({ client, appender, policy }: SnapshotStore, name: string, first: number): Promise<void> {
  await retried(policy, async () => {
    const { metadata } = await client.getStreamMetadata(name, { requiresLeader: true })
    await appender.setStreamMetadata(name, { ...metadata, truncateBefore: first }, { requiresLeader: true })
  })
}

/** The chunks of a snapshot: the events before the one that completes it, which lies behind the last of them. */
async function chunksOf({ client, policy }: SnapshotStore, name: string, found: Found): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  while (chunks.length < found.header.chunks) {
    const limit = found.header.chunks - chunks.length
    const read = { direction: FORWARDS, fromRevision: BigInt(found.revision - limit), limit } as const
    const { items } = await retried(policy, () =>
      readPage(client, name, read, (resolved) => {
        const content = chunkContent(resolved)
        return { item: { content, revision: resolved.event?.revision }, bytes: content.length }
      }),
    )
    // Where it was truncated away meanwhile, the server goes on with what is behind it.
    if (items[0]?.revision !== read.fromRevision) return []
    chunks.push(...items.map(({ content }) => content))
  }
  return chunks
}

function contended(store: string, stream: string): LedgerError<'store-unavailable'> {
  const message = `Others save snapshots of stream ${stream} in ${store} all the time; this one was not kept. Save it later.`
  return new LedgerError('store-unavailable', message, { store, appended: 'no' }, { retryable: true })
}
