import { streamState } from './stream-state.ts'
import type { TransactionLog } from './transaction-log.ts'

/** The state of a stream that a write asks for. */
export type ExpectedState = 'any' | 'no-stream' | 'stream-exists' | number

/** What the server makes of a write before it writes. */
export type CommitCheck =
  | { readonly type: 'ok'; readonly softDeleted: boolean }
  | { readonly type: 'idempotent'; readonly lastRevision: number; readonly position: bigint }
  | { readonly type: 'wrong-expected-version'; readonly current: number }
  | { readonly type: 'stream-deleted' }

/**
 * The server's rule (`IndexWriter.CheckCommit`): on the right revision anything is written, even an id that the stream
 * holds. Only a write that expects an earlier revision is compared by ids, place for place, and never by content: all
 * there is "already committed", a part or none is a wrong version.
 */
export function checkCommit(
  log: TransactionLog,
  stream: string,
  expected: ExpectedState,
  ids: readonly string[],
): CommitCheck {
  const { deleted, lastRevision } = streamState(log, stream)
  if (deleted === 'hard') return { type: 'stream-deleted' }
  const softDeleted = deleted === 'soft'
  const wrong: CommitCheck = { type: 'wrong-expected-version', current: lastRevision }
  if (expected === 'stream-exists' && (softDeleted || lastRevision < 0)) return wrong
  if (expected === 'any' || expected === 'stream-exists')
    return idempotent(ids.map((id) => log.find(stream, id))) ?? { type: 'ok', softDeleted }

  const expectedRevision = expected === 'no-stream' ? -1 : expected
  if (expectedRevision > lastRevision) return wrong
  if (expectedRevision === lastRevision) return { type: 'ok', softDeleted }
  const places = ids.map((id, index) => {
    const held = log.stream(stream)[expectedRevision + 1 + index]
    return held?.id === id ? held : undefined
  })
  const found = places.filter((held) => held !== undefined)
  if (found.length === ids.length) return idempotent(found) ?? wrong
  if (expected === 'no-stream' && softDeleted && found.length === 0) return { type: 'ok', softDeleted }
  return wrong
}

type Place = { readonly revision: number; readonly position: bigint } | undefined

function idempotent(places: readonly Place[]): CommitCheck | undefined {
  const last = places.at(-1)
  if (last === undefined || places.includes(undefined)) return undefined
  return { type: 'idempotent', lastRevision: last.revision, position: last.position }
}
