import { randomUUID } from 'node:crypto'
import { checkCommit, type CommitCheck, type ExpectedState } from './commit-check.ts'
import { DELETED_EVENT_NUMBER, metadataStream, streamState, TOMBSTONE_TYPE } from './stream-state.ts'
import { systemEvent, type ProposedEvent, type TransactionLog } from './transaction-log.ts'

/** How a write ended. */
export type WriteResult =
  | { readonly type: 'written'; readonly lastRevision: number; readonly position: bigint }
  | Exclude<CommitCheck, { readonly type: 'ok' }>

/** Writes events if the stream is as expected; into a softly deleted one it writes on, at the next revision. */
export function writeEvents(
  log: TransactionLog,
  stream: string,
  expected: ExpectedState,
  events: readonly ProposedEvent[],
): WriteResult {
  const check = checkCommit(
    log,
    stream,
    expected,
    events.map(({ id }) => id),
  )
  if (check.type !== 'ok') return check
  const { lastRevision } = streamState(log, stream)
  const written = log.append(stream, events)
  if (check.softDeleted) writeMetadata(log, stream, { $tb: lastRevision + 1 })
  const last = written.at(-1)
  return { type: 'written', lastRevision: last?.revision ?? lastRevision, position: last?.position ?? 0n }
}

/** Hides all events of a stream (soft), or ends it for good with a tombstone (hard). */
export function deleteStream(
  log: TransactionLog,
  stream: string,
  expected: ExpectedState,
  how: 'soft' | 'hard',
): WriteResult {
  const check = checkCommit(log, stream, expected, [randomUUID()])
  if (check.type !== 'ok') return check
  const { lastRevision } = streamState(log, stream)
  if (how === 'soft' && lastRevision < 0) return { type: 'wrong-expected-version', current: lastRevision }
  const [written] =
    how === 'hard'
      ? log.append(stream, [systemEvent(randomUUID(), TOMBSTONE_TYPE, '{}')])
      : // Written as text: the number is larger than those of JavaScript.
        log.append(metadataStream(stream), [systemEvent(randomUUID(), '$metadata', `{"$tb":${DELETED_EVENT_NUMBER}}`)])
  return { type: 'written', lastRevision, position: written?.position ?? 0n }
}

function writeMetadata(log: TransactionLog, stream: string, metadata: Readonly<Record<string, number>>): void {
  log.append(metadataStream(stream), [systemEvent(randomUUID(), '$metadata', JSON.stringify(metadata))])
}
