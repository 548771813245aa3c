import type { EventToAppend, RecordedEvent } from './envelope.ts'

/** The revision that an append was decided on: `none` for a stream that must not exist yet, else its exact last revision. */
export type ExpectedRevision = 'none' | number

/** Where an append ended up. For a repeated append (same ids, same content) the answer is that of the first one. */
export type AppendResult = {
  readonly firstRevision: number
  readonly lastRevision: number
  readonly lastPosition: bigint
}

/** How to read one stream. Without options: all of it, forwards. */
export type ReadStreamOptions = {
  /** First revision to return, inclusive; backwards reads start here and go down. Default: the near end. */
  readonly from?: number
  readonly backwards?: boolean
  /** How many events at most. */
  readonly limit?: number
}

/** How to read the whole store in order of position. */
export type ReadAllOptions = {
  /** Only events with a greater position, up to 2^63 - 1. Default 0n: all. */
  readonly after?: bigint
  /** Only events of these types. */
  readonly types?: readonly string[]
  readonly limit?: number
}

/** How to follow the whole store: catches up after `after`, then stays live until `signal` aborts or the store closes. */
export type SubscribeOptions = {
  readonly after?: bigint
  readonly types?: readonly string[]
  readonly signal?: AbortSignal
}

/** A state saved at a revision, so that a later start reads only what came after it. */
export type Snapshot = {
  readonly stream: string
  readonly revision: number
  /** Hash of the event at `revision`: the chain goes on from here. */
  readonly hash: string
  /** Version of the fold that made it; a snapshot of another version is not used. */
  readonly foldVersion: number
  /** JSON text. */
  readonly state: string
}

/**
 * Keeps streams of events, append-only. One truth table for every implementation (proved by the testkit's conformance suite):
 *
 * | stream is | `expected` | answer |
 * |---|---|---|
 * | missing | `none` | appended |
 * | missing | n | `append-conflict`, actual `none` |
 * | at revision r | `none` | `append-conflict`, actual r |
 * | at revision r | r | appended |
 * | at revision r | n ≠ r | `append-conflict`, actual r |
 * | holds all these ids, in this order, with this content | anything | the first append's result again |
 * | holds one of these ids with other content | anything | `event-id-reused` |
 *
 * Appends that a caller makes without waiting for the ones before are taken in the order in which they were made.
 * An append is atomic and durable before it resolves. It throws `append-conflict`, `event-id-reused`, `append-too-large`,
 * `store-full`, `store-closed` (nothing was written) or `store-unavailable` (`details.appended` says whether it may have been).
 */
export interface EventStore {
  /** A short name for messages, without credentials. */
  readonly name: string
  /** `dense`: positions are 1n, 2n, 3n… without gaps. `monotonic`: they only grow. */
  readonly positions: 'dense' | 'monotonic'
  /** Writes events at the end of a stream, all or none, where it is as `expected`: see the table above. */
  append(stream: string, events: readonly EventToAppend[], expected: ExpectedRevision): Promise<AppendResult>
  /** A missing stream is an empty one. Pages inside, so a long stream never sits in memory whole. */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent>
  /** The whole store in the order of positions, optionally after one and of some types. Pages inside. */
  readAll(options?: ReadAllOptions): AsyncIterable<RecordedEvent>
  /** At least once, in order, nothing skipped; nothing twice at the seam between history and live. */
  subscribe(options?: SubscribeOptions): AsyncIterable<RecordedEvent>
  /**
   * Keeps the newest snapshot of a stream: an older revision than the kept one is ignored, unless the kept one is the one that was found
   * to be `unusable`.
   */
  saveSnapshot(snapshot: Snapshot, unusable?: Pick<Snapshot, 'revision' | 'hash'>): Promise<void>
  /** The newest snapshot that was kept of a stream. */
  loadSnapshot(stream: string): Promise<Snapshot | undefined>
  /** Ends subscriptions and waits for appends under way; later calls throw `store-closed`. Idempotent. */
  close(): Promise<void>
}

/**
 * Limits of one append, the same in every store: an event's `data` text, and the events and bytes (data and metadata) of
 * one append. Whoever packs events into appends counts `envelopeBytes` more for each of them: a server may count the
 * rest of the envelope against a limit of its own (EventStoreDB's `MaxAppendSize` is 1 MiB).
 */
export const EVENT_LIMITS = {
  eventBytes: 512 * 1024,
  appendEvents: 1_000,
  appendBytes: 900 * 1024,
  envelopeBytes: 256,
} as const
