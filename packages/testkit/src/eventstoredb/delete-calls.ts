import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { sendUnaryData, ServerUnaryCall, ServiceError } from '@grpc/grpc-js'
import { admit, type ServerNode } from './node.ts'
import { rpcErrors } from './rpc-errors.ts'
import { expectedState, streamName } from './wire-messages.ts'
import { deleteStream } from './writing.ts'

/** `Streams.Delete`: hides the events of a stream, which may be written on later. */
export function deleteCall(
  node: ServerNode,
  call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>,
  answer: sendUnaryData<streams.DeleteResp>,
): void {
  respond(answer, () => {
    const position = String(remove(node, call, 'soft'))
    const at = new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position)
    return new streams.DeleteResp().setPosition(at)
  })
}

/** `Streams.Tombstone`: ends a stream for good. */
export function tombstoneCall(
  node: ServerNode,
  call: ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>,
  answer: sendUnaryData<streams.TombstoneResp>,
): void {
  respond(answer, () => {
    const position = String(remove(node, call, 'hard'))
    const at = new streams.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position)
    return new streams.TombstoneResp().setPosition(at)
  })
}

function respond<Response>(answer: sendUnaryData<Response>, work: () => Response): void {
  try {
    answer(null, work())
  } catch (error) {
    // What is thrown here is an error of ours, made for the wire.
    answer(error as ServiceError)
  }
}

function remove(
  node: ServerNode,
  call: ServerUnaryCall<streams.DeleteReq | streams.TombstoneReq, unknown>,
  how: 'soft' | 'hard',
): bigint {
  const options = call.request.getOptions()
  if (options === undefined) throw rpcErrors.invalidArgument('options are required')
  const stream = streamName(options.getStreamIdentifier())
  admit(node, call.metadata, 'delete', stream)
  const expected = expectedState(options)
  const result = deleteStream(node.log, stream, expected, how)
  if (result.type === 'stream-deleted') throw rpcErrors.streamDeleted(stream)
  if (result.type !== 'wrong-expected-version') return result.position
  throw rpcErrors.wrongExpectedVersion(stream, typeof expected === 'number' ? BigInt(expected) : -1n, result.current)
}
