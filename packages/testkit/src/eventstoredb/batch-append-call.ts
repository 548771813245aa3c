import shared from '@eventstore/db-client/generated/shared_pb.js'
import status from '@eventstore/db-client/generated/status_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import { status as codes, type ServerDuplexStream, type ServiceError } from '@grpc/grpc-js'
import { admit, type ServerNode } from './node.ts'
import { isTooLarge, performWrite, type WriteRequest } from './performing-writes.ts'
import type { ProposedEvent } from './transaction-log.ts'
import { expectedState, proposedEvent, streamIdentifier, streamName, uuidText } from './wire-messages.ts'
import type { WriteResult } from './writing.ts'

type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>
type Batch = { readonly options: streams.BatchAppendReq.Options; readonly events: ProposedEvent[] }

/**
 * `Streams.BatchAppend`: one long-lived stream of appends in chunks, told apart by correlation ids and written in the
 * order in which their last chunks come. Failures are answers with a packed message; a node that does not lead ends
 * the stream.
 */
export function batchAppendCall(node: ServerNode, call: BatchCall): void {
  const batches = new Map<string, Batch>()
  let writing: Promise<unknown> = Promise.resolve()
  call.on('data', (request: streams.BatchAppendReq) => {
    const id = uuidText(request.getCorrelationId())
    const options = request.getOptions()
    const batch = batches.get(id) ?? (options === undefined ? undefined : { options, events: [] })
    if (batch === undefined) return
    batches.set(id, batch)
    batch.events.push(...request.getProposedMessagesList().map(proposedEvent))
    if (!request.getIsFinal()) return
    batches.delete(id)
    writing = writing.then(async () => answer(node, call, request, batch))
  })
  call.on('end', () => void writing.then(() => call.end()))
}

async function answer(
  node: ServerNode,
  call: BatchCall,
  request: streams.BatchAppendReq,
  { options, events }: Batch,
): Promise<void> {
  const stream = streamName(options.getStreamIdentifier())
  const response = new streams.BatchAppendResp()
    .setCorrelationId(request.getCorrelationId())
    .setStreamIdentifier(streamIdentifier(stream))
  const expectation = {
    hasAny: () => options.hasAny(),
    hasNoStream: () => options.hasNoStream(),
    hasStreamExists: () => options.hasStreamExists(),
    getRevision: () => options.getStreamPosition(),
  }
  const write = { stream, expected: expectedState(expectation), events }
  try {
    admit(node, call.metadata, 'write', stream)
    if (isTooLarge(node, events)) response.setError(tooLarge(node.maxAppendBytes))
    else fill(response, write, await performWrite(node, write))
  } catch (error) {
    // What is thrown here is an error of ours, made for the wire.
    const failure = error as ServiceError
    if (failure.code === codes.NOT_FOUND) return void call.emit('error', failure)
    response.setError(failureStatus(failure))
  }
  call.write(response)
}

function fill(response: streams.BatchAppendResp, { stream, expected }: WriteRequest, result: WriteResult): void {
  if (result.type === 'stream-deleted') {
    const deleted = new shared.StreamDeleted().setStreamIdentifier(streamIdentifier(stream))
    response.setError(packed(codes.FAILED_PRECONDITION, 'StreamDeleted', deleted))
  } else if (result.type === 'wrong-expected-version') {
    const wrong = new shared.WrongExpectedVersion()
    if (result.current < 0) wrong.setCurrentNoStream(EMPTY)
    else wrong.setCurrentStreamRevision(String(result.current))
    if (expected === 'no-stream') wrong.setExpectedNoStream(EMPTY)
    else if (expected === 'stream-exists') wrong.setExpectedStreamExists(EMPTY)
    else if (expected === 'any') wrong.setExpectedAny(EMPTY)
    else wrong.setExpectedStreamPosition(String(expected))
    response.setError(packed(codes.FAILED_PRECONDITION, 'WrongExpectedVersion', wrong))
  } else {
    const position = String(result.position)
    response.setSuccess(
      new streams.BatchAppendResp.Success()
        .setCurrentRevision(String(result.lastRevision))
        .setPosition(new shared.AllStreamPosition().setCommitPosition(position).setPreparePosition(position)),
    )
  }
}

function tooLarge(maxBytes: number): status.Status {
  const message = new shared.MaximumAppendSizeExceeded().setMaxappendsize(maxBytes)
  return packed(codes.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', message)
}

function failureStatus({ code }: ServiceError): status.Status {
  if (code === codes.PERMISSION_DENIED || code === codes.UNAUTHENTICATED)
    return packed(codes.PERMISSION_DENIED, 'AccessDenied', new shared.AccessDenied())
  if (code === codes.ABORTED) return packed(codes.ABORTED, 'Timeout', new shared.Timeout())
  return packed(codes.UNKNOWN, 'Unknown', new shared.Unknown())
}

/** `google.protobuf.Empty`, which only some generated messages carry: read from one that has nothing in it. */
const EMPTY = shared.WrongExpectedVersion.deserializeBinary(Uint8Array.of(0x12, 0)).getCurrentNoStream()

/** A `google.rpc.Status` with one message in it; its `Any` is likewise read from a status whose field is empty. */
function packed(code: number, name: string, message: { serializeBinary(): Uint8Array }): status.Status {
  const packing = status.Status.deserializeBinary(Uint8Array.of(0x1a, 0)).setCode(code).setMessage(name)
  packing.getDetails()?.pack(message.serializeBinary(), `event_store.client.${name}`)
  return packing
}
