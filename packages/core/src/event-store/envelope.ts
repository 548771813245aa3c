/**
 * One event as a store keeps it. `data` and `metadata` are the very JSON text that the hash chain covers: a store returns them
 * byte for byte and never re-serialises them.
 */
export type RecordedEvent = {
  /** UUIDv7, given by the writer. Appending the same id to the same stream again is a no-op. */
  readonly id: string
  readonly stream: string
  /** 0-based place in its stream. */
  readonly revision: number
  /** Place in the whole store: comparable, growing with the order of commits; dense from 1n where the store declares it. */
  readonly position: bigint
  readonly type: string
  readonly schemaVersion: number
  /** JSON text. */
  readonly data: string
  /** JSON text; see `EventMetadata`. */
  readonly metadata: string
  /** ISO 8601 in UTC with milliseconds; never before its predecessor's in the stream. */
  readonly recordedAt: string
  /** Hash of the stream's previous event; 64 zeros for the first. */
  readonly previousHash: string
  /** SHA-256, lower-case hex; see `hashEvent`. */
  readonly hash: string
}

/** What a writer hands to `EventStore.append`: everything but what the store assigns. */
export type EventToAppend = Omit<RecordedEvent, 'stream' | 'revision' | 'position'>

/** The `previousHash` of a stream's first event. */
export const GENESIS_HASH = '0'.repeat(64)
