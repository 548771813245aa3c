import shared from '@eventstore/db-client/generated/shared_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { ExpectedState } from './commit-check.ts'
import type { LogRecord, ProposedEvent } from './transaction-log.ts'

const { Empty, StreamIdentifier, UUID } = shared
const { ReadResp } = streams

/** .NET counts time in ticks of 100 ns. */
const TICKS_PER_MILLISECOND = 10_000n

type WireEvent = Pick<
  streams.AppendReq.ProposedMessage,
  'getId' | 'getMetadataMap' | 'getData_asU8' | 'getCustomMetadata_asU8'
>

type WireExpectation = Pick<streams.AppendReq.Options, 'hasAny' | 'hasNoStream' | 'hasStreamExists' | 'getRevision'>

/** An event as it came over the wire. */
export function proposedEvent(message: WireEvent): ProposedEvent {
  const properties = message.getMetadataMap()
  return {
    id: uuidText(message.getId()),
    type: properties.get('type') ?? '',
    contentType: properties.get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  }
}

/** What a write expects of its stream. */
export function expectedState(options: WireExpectation): ExpectedState {
  if (options.hasAny()) return 'any'
  if (options.hasNoStream()) return 'no-stream'
  if (options.hasStreamExists()) return 'stream-exists'
  return Number(options.getRevision())
}

/** The name of a stream; it travels as bytes. */
export const streamName = (identifier: shared.StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8')

/** A stream's name for the wire. */
export const streamIdentifier = (name: string): shared.StreamIdentifier =>
  new StreamIdentifier().setStreamName(Buffer.from(name))

/** The text of an id, which the server answers with in lower case. */
export const uuidText = (id: shared.UUID | undefined): string => (id?.getString() ?? '').toLowerCase()

const responses = new WeakMap<LogRecord, streams.ReadResp>()

/** A record as an answer to a read; made once, for records never change. */
export function eventResponse(record: LogRecord): streams.ReadResp {
  const made = responses.get(record) ?? newResponse(record)
  responses.set(record, made)
  return made
}

function newResponse(record: LogRecord): streams.ReadResp {
  const position = String(record.position)
  const event = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new UUID().setString(record.id))
    .setStreamIdentifier(streamIdentifier(record.stream))
    .setStreamRevision(String(record.revision))
    .setCommitPosition(position)
    .setPreparePosition(position)
    .setData(record.data)
    .setCustomMetadata(record.metadata)
  event
    .getMetadataMap()
    .set('type', record.type)
    .set('content-type', record.contentType)
    .set('created', String(BigInt(Math.floor(record.createdAt)) * TICKS_PER_MILLISECOND))
  return new ReadResp().setEvent(new ReadResp.ReadEvent().setEvent(event).setCommitPosition(position))
}

/** The answers of a read that are no events. */
export const readResponses = {
  confirmation: (id: string): streams.ReadResp =>
    new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(id)),
  checkpoint: (commit: bigint, prepare: bigint): streams.ReadResp =>
    new ReadResp().setCheckpoint(
      new ReadResp.Checkpoint().setCommitPosition(String(commit)).setPreparePosition(String(prepare)),
    ),
  caughtUp: (): streams.ReadResp => new ReadResp().setCaughtUp(new ReadResp.CaughtUp()),
  fellBehind: (): streams.ReadResp => new ReadResp().setFellBehind(new ReadResp.FellBehind()),
  streamNotFound: (name: string): streams.ReadResp =>
    new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(name))),
} as const

/** The message that stands for "no value". */
export const empty = (): shared.Empty => new Empty()
