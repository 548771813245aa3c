import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { ServiceError } from '@grpc/grpc-js'
import { eventFilter } from './event-filter.ts'
import { admit, type ServerNode } from './node.ts'
import { rpcErrors } from './rpc-errors.ts'
import { send, type ReadCall } from './sending.ts'
import { metadataStream, streamState } from './stream-state.ts'
import { followLog } from './subscription-call.ts'
import type { LogRecord, TransactionLog } from './transaction-log.ts'
import { eventResponse, readResponses, streamName } from './wire-messages.ts'

/** The name under which access to the whole log is asked for. */
const ALL = '$all'

/** `Streams.Read`: one stream or the log, both ways, or a subscription. */
export function readCall(node: ServerNode, call: ReadCall): void {
  serve(node, call).catch((error: ServiceError) => call.emit('error', error))
}

async function serve(node: ServerNode, call: ReadCall): Promise<void> {
  const options = call.request.getOptions()
  if (options === undefined) throw rpcErrors.invalidArgument('options are required')
  const all = options.getAll()
  const stream = all === undefined ? streamName(options.getStream()?.getStreamIdentifier()) : ALL
  admit(node, call.metadata, 'read', stream)
  if (options.hasSubscription()) return followLog(node, call, options)

  const records = all === undefined ? streamRecords(node.log, stream, options) : allRecords(node.log, options, all)
  if (records === undefined) await send(call, readResponses.streamNotFound(stream))
  const passes = eventFilter(options)?.passes ?? (() => true)
  let left = Number(options.getCount())
  for (const record of records ?? []) {
    if (left === 0) break
    if (!passes(record)) continue
    left -= 1
    node.traffic.eventSent()
    if (!(await send(call, eventResponse(record)))) return
  }
  call.end()
}

const isBackwards = (options: streams.ReadReq.Options): boolean =>
  options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS

/** The events of a stream from where the read begins; undefined when there is no such stream. */
function streamRecords(
  log: TransactionLog,
  name: string,
  options: streams.ReadReq.Options,
): readonly LogRecord[] | undefined {
  const { deleted, lastRevision, visible } = streamState(log, name)
  if (deleted === 'hard') throw rpcErrors.streamDeleted(name)
  // The metadata of a stream that is there can be read even if none was written.
  const described = name.startsWith(metadataStream('')) && log.stream(name.slice(metadataStream('').length)).length > 0
  if (deleted === 'soft' || (lastRevision < 0 && !described)) return undefined
  const from = options.getStream()
  const revision = from?.hasRevision() === true ? Number(from.getRevision()) : undefined
  if (isBackwards(options)) return visible.filter((record) => record.revision <= (revision ?? Infinity)).toReversed()
  const first = from?.hasEnd() === true ? Infinity : (revision ?? 0)
  return visible.filter((record) => record.revision >= first)
}

/** The log from where the read begins: forwards with the event at the position, backwards without it. */
function allRecords(
  log: TransactionLog,
  options: streams.ReadReq.Options,
  from: streams.ReadReq.Options.AllOptions,
): readonly LogRecord[] {
  const { records } = log
  const at = from.getPosition()
  const position = at === undefined ? undefined : BigInt(at.getCommitPosition())
  if (isBackwards(options)) {
    if (from.hasStart()) return []
    return records.slice(0, position === undefined ? records.length : log.indexAfter(position - 1n)).toReversed()
  }
  if (from.hasEnd()) return []
  if (position === undefined) return records.slice()
  const index = log.indexAfter(position - 1n)
  if (records[index]?.position !== position) throw rpcErrors.invalidPosition()
  return records.slice(index)
}
