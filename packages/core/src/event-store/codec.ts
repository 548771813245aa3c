import { eventSchemas } from '../environment/catalogue.ts'
import type { EventMetadata, EventType, LedgerEvent } from '../environment/catalogue.ts'
import { LedgerError } from '../ledger-error.ts'
import type { EventToAppend, RecordedEvent } from './envelope.ts'
import { EVENT_LIMITS } from './event-store.ts'
import { hashEvent } from './hash-chain.ts'

/** The schema version that this library writes. Each type of event starts at 1; a change of its meaning raises it and adds an upcaster. */
export const SCHEMA_VERSION = 1

/** The end of a stream, from which the chain goes on. */
export type StreamHead = { readonly revision: number; readonly hash: string; readonly recordedAt: string }

/** An event read back whose type or schema version this library may not know. */
export type DecodedEvent = { readonly event: LedgerEvent; readonly known: boolean; readonly ignorable: boolean }

/**
 * Checks events against their schemas and turns them into the text that is stored, chained to the head of their stream.
 * Throws `input-invalid` for an event that does not fit its schema, `event-too-large` above 512 KiB.
 */
export function encodeEvents(
  stream: string,
  events: readonly LedgerEvent[],
  head: StreamHead,
): readonly EventToAppend[] {
  let previousHash = head.hash
  return events.map((event) => {
    const unchained = {
      id: event.id,
      type: event.type,
      schemaVersion: SCHEMA_VERSION,
      data: dataText(event),
      metadata: JSON.stringify(event.metadata),
      recordedAt: event.metadata.recordedAt,
      previousHash,
    }
    const hash = hashEvent(stream, event.revision, unchained)
    previousHash = hash
    return { ...unchained, hash }
  })
}

/** Reads an event back. The text is trusted: the hash chain vouches for it, not a second validation. */
export function decodeEvent(recorded: RecordedEvent): DecodedEvent {
  return decoded(recorded, JSON.parse(recorded.metadata))
}

/**
 * Reads events back, one after the other. The events of one append have the same metadata nearly always: it is parsed once for all that
 * follow each other, and shared by them.
 */
export function eventDecoder(): typeof decodeEvent {
  let last: { readonly text: string; readonly metadata: WrittenMetadata } | undefined
  return (recorded) => {
    if (last?.text !== recorded.metadata) last = { text: recorded.metadata, metadata: JSON.parse(recorded.metadata) }
    return decoded(recorded, last.metadata)
  }
}

type WrittenMetadata = EventMetadata & { readonly ignorable?: boolean }

function decoded(recorded: RecordedEvent, metadata: WrittenMetadata): DecodedEvent {
  // What was written was checked against the schema of its type; see `encodeEvents`.
  const event = {
    type: recorded.type,
    data: JSON.parse(recorded.data),
    metadata,
    id: recorded.id,
    revision: recorded.revision,
  } as LedgerEvent
  return {
    event,
    known: isKnown(recorded),
    ignorable: metadata.ignorable === true,
  }
}

/** Whether this version of the library knows what an event means. */
export function isKnown({ type, schemaVersion }: Pick<RecordedEvent, 'type' | 'schemaVersion'>): boolean {
  return type in eventSchemas && schemaVersion <= SCHEMA_VERSION
}

function dataText(event: LedgerEvent): string {
  const type: EventType = event.type
  const parsed = eventSchemas[type].safeParse(event.data)
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), problem: message }))
    throw new LedgerError(
      'input-invalid',
      `${type} does not fit its schema: ${issues.map(({ path, problem }) => `${path} ${problem}`).join('; ')}`,
      { what: type, issues },
    )
  }
  const text = JSON.stringify(parsed.data)
  const bytes = Buffer.byteLength(text)
  if (bytes > EVENT_LIMITS.eventBytes) {
    throw new LedgerError(
      'event-too-large',
      `${type} is ${bytes} bytes; an event holds at most ${EVENT_LIMITS.eventBytes}`,
      {
        type,
        bytes,
        limitBytes: EVENT_LIMITS.eventBytes,
      },
    )
  }
  return text
}
