import type { EventMetadata, EventType } from '../environment/catalogue.ts'
import { decodeEvent } from '../event-store/codec.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import type { EventStore } from '../event-store/event-store.ts'
import type { JsonValue } from '../json.ts'
import { environmentOfStream } from '../event-store/stream-names.ts'
import { followed } from './followed.ts'

/** What stands before the type of an event in the `type` of its {@link ChangeEvent}: `dev.infraledger.NodeVersionRecorded`. Stable. */
export const CHANGE_TYPE_PREFIX = 'dev.infraledger.'

/**
 * One event of the ledger as a CloudEvent 1.0, in the structured form of its JSON format (`application/cloudevents+json`): send it as it is.
 * Secrets are in none, because they are in no event. Source: CloudEvents 1.0.2, "Context Attributes", and its JSON format.
 */
export type ChangeEvent = {
  readonly specversion: '1.0'
  /** The event's id. With `source` it tells a repeated delivery. */
  readonly id: string
  /** `infraledger:<environment>`. */
  readonly source: string
  /** {@link CHANGE_TYPE_PREFIX} and the type of the event; types that this version of the library does not know are delivered, too. */
  readonly type: string
  /** When it was recorded (ISO 8601). */
  readonly time: string
  /** The node that it is about, where it is about one. */
  readonly subject?: string
  readonly datacontenttype: 'application/json'
  readonly data: JsonValue
  /**
   * The position as nineteen digits, which sort as they follow each other. It is the cursor: `after: BigInt(sequence)`, the feed goes on
   * with the next. A text, because integers of CloudEvents end at 2,147,483,647. Extension attribute, as all below. Source: CloudEvents,
   * "Sequence" extension.
   */
  readonly sequence: string
  /** Who acted: `user:ada`. */
  readonly actor: string
  readonly correlationid: string
  /**
   * The recorded trace in which it was written, and the span of its command. Source: CloudEvents, "Distributed Tracing" extension, and
   * W3C Trace Context.
   */
  readonly traceparent?: string
  /** Of events that change the graph: the graph version that they came with. */
  readonly graphversion?: number
}

/** Which changes a feed tells. */
export type ChangeFeedOptions = {
  /** Only what comes after this position: `BigInt` of the last `sequence` that was dealt with. Default 0n, all. */
  readonly after?: bigint
  /** Only these types of events, as the ledger names them: `NodeVersionRecorded`. */
  readonly types?: readonly EventType[]
  /** Ends the feed. */
  readonly signal?: AbortSignal
}

/**
 * The changes of all environments in the order of the store: what is there, then what comes, at least once. A consumer keeps the
 * `sequence` of the last one that it has dealt with, and goes on after it.
 */
export function changeFeed(store: EventStore, options: ChangeFeedOptions = {}): AsyncIterable<ChangeEvent> {
  return followed(store, options, changeEvent)
}

/** Those of the largest position, 2^63 - 1. */
const SEQUENCE_DIGITS = 19

/** The envelope of an event; also of one whose type this version does not know. */
function changeEvent(recorded: RecordedEvent): ChangeEvent {
  const { metadata } = decodeEvent(recorded).event
  const data: JsonValue = JSON.parse(recorded.data)
  const subject = nodeOf(data)
  return {
    specversion: '1.0',
    id: recorded.id,
    source: `infraledger:${environmentOfStream(recorded.stream)}`,
    type: `${CHANGE_TYPE_PREFIX}${recorded.type}`,
    time: recorded.recordedAt,
    ...(subject === undefined ? {} : { subject }),
    datacontenttype: 'application/json',
    data,
    sequence: String(recorded.position).padStart(SEQUENCE_DIGITS, '0'),
    actor: `${metadata.actor.type}:${metadata.actor.id}`,
    correlationid: metadata.correlationId,
    ...traceparentOf(metadata),
    ...(metadata.graphVersion === undefined ? {} : { graphversion: metadata.graphVersion }),
  }
}

/** Only recorded traces are in events, so the flag is always that of a sampled one. */
function traceparentOf({ traceId, spanId }: EventMetadata): Pick<ChangeEvent, 'traceparent'> {
  return traceId === undefined || spanId === undefined ? {} : { traceparent: `00-${traceId}-${spanId}-01` }
}

function nodeOf(data: JsonValue): string | undefined {
  const node = typeof data === 'object' && data !== null && 'node' in data ? data['node'] : undefined
  return typeof node === 'string' ? node : undefined
}
