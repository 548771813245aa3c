import { setImmediate as nextTurn } from 'node:timers/promises'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { sendUnaryData, ServerReadableStream, ServiceError } from '@grpc/grpc-js'
import { admit, type ServerNode } from './node.ts'
import { isTooLarge, performWrite, type WriteRequest } from './performing-writes.ts'
import { rpcErrors } from './rpc-errors.ts'
import { empty, expectedState, proposedEvent, streamName } from './wire-messages.ts'
import type { WriteResult } from './writing.ts'

const { AppendResp } = streams

type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>

/** `Streams.Append`: options, then one message for each event; a conflict is an answer, everything else an error. */
export function appendCall(node: ServerNode, call: AppendCall, answer: sendUnaryData<streams.AppendResp>): void {
  const requests: streams.AppendReq[] = []
  call.on('data', (request: streams.AppendReq) => requests.push(request))
  call.on('end', () => {
    // A connection that breaks ends the stream of messages, too, and only then says that the call is off: nothing may be
    // written of half an append.
    void nextTurn().then(() => (call.cancelled ? undefined : respond()))
  })
  async function respond(): Promise<void> {
    try {
      answer(null, await append(node, call, requests))
    } catch (error) {
      // What is thrown here is an error of ours, made for the wire.
      answer(error as ServiceError)
    }
  }
}

async function append(
  node: ServerNode,
  call: AppendCall,
  requests: readonly streams.AppendReq[],
): Promise<streams.AppendResp> {
  const options = requests[0]?.getOptions()
  if (options === undefined) throw rpcErrors.invalidArgument('options come first')
  const stream = streamName(options.getStreamIdentifier())
  admit(node, call.metadata, 'write', stream)
  const messages = requests.slice(1).map((request) => request.getProposedMessage())
  const events = messages.filter((message) => message !== undefined).map(proposedEvent)
  if (isTooLarge(node, events)) throw rpcErrors.maxAppendSizeExceeded(node.maxAppendBytes)
  const request = { stream, expected: expectedState(options), events }
  return appendResponse(request, await performWrite(node, request))
}

function appendResponse(request: WriteRequest, result: WriteResult): streams.AppendResp {
  switch (result.type) {
    case 'stream-deleted':
      throw rpcErrors.streamDeleted(request.stream)
    case 'wrong-expected-version':
      return new AppendResp().setWrongExpectedVersion(wrongExpectedVersion(request, result.current))
    case 'written':
    case 'idempotent': {
      const position = String(result.position)
      const success = new AppendResp.Success()
        .setCurrentRevision(String(result.lastRevision))
        .setPosition(new AppendResp.Position().setCommitPosition(position).setPreparePosition(position))
      return new AppendResp().setSuccess(success)
    }
  }
}

function wrongExpectedVersion({ expected }: WriteRequest, current: number): streams.AppendResp.WrongExpectedVersion {
  const answer = new AppendResp.WrongExpectedVersion()
  if (current < 0) answer.setCurrentNoStream(empty())
  else answer.setCurrentRevision(String(current))
  if (expected === 'no-stream') return answer.setExpectedNoStream(empty())
  if (expected === 'stream-exists') return answer.setExpectedStreamExists(empty())
  return expected === 'any' ? answer.setExpectedAny(empty()) : answer.setExpectedRevision(String(expected))
}
