import { LedgerError } from '../ledger-error.ts'
import type { EventToAppend, RecordedEvent } from './envelope.ts'
import type { AppendResult, ExpectedRevision } from './event-store.ts'

/** One append as a caller asked for it. */
export type AppendRequest = {
  readonly stream: string
  readonly events: readonly EventToAppend[]
  readonly expected: ExpectedRevision
}

/** What a store must know of an event that it holds already, to recognise a repeated append. */
export type ExistingEvent = Pick<RecordedEvent, 'id' | 'revision' | 'position' | 'hash'>

/** What a store knows of the stream inside the transaction that appends to it. */
export type StreamKnowledge = {
  /** The stream's last revision; `none` when it is missing. */
  readonly actual: ExpectedRevision
  /** The stream's events that have one of the request's ids, in any order. */
  readonly existing: readonly ExistingEvent[]
}

/**
 * Whether to write the events from `firstRevision` on, or to answer with what an earlier, equal append was answered.
 */
export type AppendDecision =
  | { readonly type: 'append'; readonly firstRevision: number }
  | { readonly type: 'duplicate'; readonly result: AppendResult }

/**
 * The truth table of `EventStore.append`, the same for every store: repeated ids first, then the expected revision.
 * Throws `event-id-reused` or `append-conflict`; a store has written nothing yet when it asks.
 */
export function decideAppend(request: AppendRequest, { actual, existing }: StreamKnowledge): AppendDecision {
  if (existing.length > 0) return { type: 'duplicate', result: firstAnswer(request, existing) }
  if (actual !== request.expected) throw conflict(request, actual)
  return { type: 'append', firstRevision: actual === 'none' ? 0 : actual + 1 }
}

/**
 * An append is repeated when all its events are there, in a row and with the hashes they had: a hash covers content and
 * place.
 */
function firstAnswer({ stream, events }: AppendRequest, existing: readonly ExistingEvent[]): AppendResult {
  const found = existing.toSorted((a, b) => a.revision - b.revision)
  const [first] = found
  const last = found.at(-1)
  if (first === undefined || last === undefined) throw new Error('Nothing exists that could have been repeated')
  const inARow = found.length === events.length && last.revision - first.revision === events.length - 1
  const other = found.find(({ id, hash }, index) => id !== events[index]?.id || hash !== events[index].hash)
  if (!inARow || other !== undefined) throw idReused(stream, (other ?? first).id)
  return { firstRevision: first.revision, lastRevision: last.revision, lastPosition: last.position }
}

function conflict({ stream, expected }: AppendRequest, actual: ExpectedRevision): LedgerError<'append-conflict'> {
  const is = actual === 'none' ? 'does not exist' : `is at revision ${actual}`
  const decided = expected === 'none' ? 'its not existing yet' : `revision ${expected}`
  return new LedgerError(
    'append-conflict',
    `Stream ${stream} ${is}, but the append was decided on ${decided}; nothing was written. ` +
      'Read the stream again and decide anew.',
    { stream, expected, actual },
  )
}

/** The refusal of an event id that the stream, or the append itself, uses for something else. */
export function idReused(stream: string, id: string): LedgerError<'event-id-reused'> {
  return new LedgerError(
    'event-id-reused',
    `Event id ${id} is used already in stream ${stream}, by another event or another append; nothing was written. ` +
      'Give new events new ids, and repeat an append only whole and unchanged.',
    { stream, id },
  )
}
