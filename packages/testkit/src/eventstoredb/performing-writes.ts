import type { ExpectedState } from './commit-check.ts'
import type { AppendFault } from './faults.ts'
import type { ServerNode } from './node.ts'
import { rpcErrors } from './rpc-errors.ts'
import { sizeOf, type ProposedEvent } from './transaction-log.ts'
import { writeEvents, type WriteResult } from './writing.ts'

/** One append as a client asked for it. */
export type WriteRequest = {
  readonly stream: string
  readonly expected: ExpectedState
  readonly events: readonly ProposedEvent[]
}

/**
 * Writes an append, unless a fault was ordered for it. Throws the error that the client is told; where the connection
 * is lost nobody hears it.
 */
export async function performWrite(node: ServerNode, { stream, expected, events }: WriteRequest): Promise<WriteResult> {
  await node.faults.appendsReleased()
  const fault = node.faults.nextAppendFault()
  if (fault === 'too-busy') throw rpcErrors.tooBusy()
  if (fault === 'connection-lost-before' || fault === 'timeout-before') throw failure(node, fault)
  const result = writeEvents(node.log, stream, expected, events)
  if (fault !== undefined) throw failure(node, fault)
  return result
}

/** Whether an append is over the server's limit. */
export function isTooLarge({ maxAppendBytes }: ServerNode, events: readonly ProposedEvent[]): boolean {
  return events.reduce((sum, event) => sum + sizeOf(event), 0) > maxAppendBytes
}

function failure(node: ServerNode, fault: AppendFault): Error {
  if (fault === 'timeout-before' || fault === 'timeout-after') return rpcErrors.timeout()
  node.cutConnections()
  return rpcErrors.tooBusy()
}
