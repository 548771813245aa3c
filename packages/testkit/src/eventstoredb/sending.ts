import type streams from '@eventstore/db-client/generated/streams_pb.js'
import type { ServerWritableStream } from '@grpc/grpc-js'

/** A read under way. */
export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>

/** Sends one answer of a read, and waits while the client takes no more; answers whether it is still there. */
export async function send(call: ReadCall, response: streams.ReadResp): Promise<boolean> {
  if (call.cancelled || call.destroyed) return false
  if (!call.write(response)) await drained(call)
  return !call.cancelled
}

function drained(call: ReadCall): Promise<void> {
  return new Promise((resolve) => {
    const events = ['drain', 'cancelled', 'close'] as const
    const done = (): void => {
      for (const event of events) call.removeListener(event, done)
      resolve()
    }
    for (const event of events) call.on(event, done)
  })
}
