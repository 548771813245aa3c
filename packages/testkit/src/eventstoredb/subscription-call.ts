import { randomUUID } from 'node:crypto'
import type streams from '@eventstore/db-client/generated/streams_pb.js'
import { changeSignal } from '@infraledger/core/adapter'
import { eventFilter } from './event-filter.ts'
import type { ServerNode } from './node.ts'
import { rpcErrors } from './rpc-errors.ts'
import { send, type ReadCall } from './sending.ts'
import { metadataStream, streamState } from './stream-state.ts'
import type { LogRecord, TransactionLog } from './transaction-log.ts'
import { eventResponse, readResponses, streamName } from './wire-messages.ts'

/** Nothing but news ends a wait: whoever calls a subscription off closes it. */
const ENDLESS = new AbortController().signal

/** So far a live subscription may lag before the server says that it fell behind, and reads the log again. */
const LIVE_BUFFER_EVENTS = 1_024

/**
 * A subscription to the log, filtered or not, or to one stream: confirmation, history, "caught up", then what is
 * written. A filtered one is given checkpoints, after so many events that were looked at and where history ends.
 */
export async function followLog(node: ServerNode, call: ReadCall, options: streams.ReadReq.Options): Promise<void> {
  const { log, traffic } = node
  const filter = eventFilter(options)
  const interval = filter === undefined ? Infinity : filter.window * filter.checkpointMultiplier
  const passes = filter?.passes ?? ofStream(log, options)
  let index = startIndex(log, options)
  let sinceCheckpoint = 0
  let live = false
  const news = changeSignal()
  const stopWatching = log.watch(news.raise)
  call.on('cancelled', news.close)
  const begin = options.getAll()?.getPosition()?.getCommitPosition()
  const caughtUp = traffic.subscribed(begin === undefined ? undefined : BigInt(begin))
  try {
    let there = await send(call, readResponses.confirmation(randomUUID()))
    while (there && !call.cancelled) {
      const seen = news.count()
      const record = log.records[index]
      if (record === undefined) {
        const before = log.records[index - 1]
        if (!live && filter !== undefined && before !== undefined && sinceCheckpoint > 0)
          await send(call, checkpoint(node, before))
        if (!live) there = await send(call, readResponses.caughtUp())
        live = true
        caughtUp()
        await news.since(seen, ENDLESS)
        continue
      }
      if (live && log.records.length - index > LIVE_BUFFER_EVENTS) {
        live = false
        await send(call, readResponses.fellBehind())
      }
      index += 1
      sinceCheckpoint += 1
      if (passes(record)) {
        traffic.eventSent()
        there = await send(call, eventResponse(record))
      }
      if (sinceCheckpoint < interval) continue
      sinceCheckpoint = 0
      there = await send(call, checkpoint(node, record))
    }
  } finally {
    stopWatching()
  }
}

function checkpoint({ zeroPrepareCheckpoints }: ServerNode, { position }: LogRecord): streams.ReadResp {
  return readResponses.checkpoint(position, zeroPrepareCheckpoints ? 0n : position)
}

/** Where a subscription starts: behind the position or revision that it names. */
function startIndex(log: TransactionLog, options: streams.ReadReq.Options): number {
  const all = options.getAll()
  if (all === undefined) return streamStart(log, options)
  if (all.hasEnd()) return log.records.length
  const position = all.getPosition()
  if (position === undefined) return 0
  const commit = BigInt(position.getCommitPosition())
  const prepare = BigInt(position.getPreparePosition())
  const index = log.indexAfter(commit)
  const last = log.records.at(-1)
  const isBoundary = log.records[index - 1]?.position === commit
  if (!isBoundary && last !== undefined && commit <= last.position) throw rpcErrors.invalidPosition()
  // A pair whose prepare position is smaller lies before the event that begins at the commit position.
  return isBoundary && prepare < commit ? index - 1 : index
}

function streamStart(log: TransactionLog, options: streams.ReadReq.Options): number {
  const from = options.getStream()
  const { deleted, visible } = streamState(log, streamName(from?.getStreamIdentifier()))
  if (deleted === 'hard') throw rpcErrors.streamDeleted(streamName(from?.getStreamIdentifier()))
  if (from?.hasEnd() === true) return log.records.length
  const behind = from?.hasRevision() === true ? Number(from.getRevision()) : -1
  const before = visible.findLast(({ revision }) => revision <= behind)
  return before === undefined ? 0 : log.indexAfter(before.position)
}

/** Without a filter: everything, or the events of one stream that are not truncated. */
function ofStream(log: TransactionLog, options: streams.ReadReq.Options): (record: LogRecord) => boolean {
  const of = options.getStream()
  if (of === undefined) return () => true
  const name = streamName(of.getStreamIdentifier())
  const firstVisible = streamState(log, name).visible[0]?.revision ?? 0
  const behind = of.hasRevision() ? Number(of.getRevision()) : -1
  const isMetadata = name.startsWith(metadataStream(''))
  return ({ stream, revision }) => stream === name && revision > behind && (isMetadata || revision >= firstVisible)
}
