import { LedgerError } from '../ledger-error.ts'
import { idReused } from './append-decision.ts'
import type { EventToAppend } from './envelope.ts'
import { EVENT_LIMITS } from './event-store.ts'

/**
 * The checks of an append that need no store, the same for every store, made before anything is queued or sent. Answers
 * with the bytes of data and metadata. Throws `input-invalid` (no events, a schema version that is no integer),
 * `json-unsupported` (text that UTF-8 or a database cannot hold), `event-id-reused` (one id twice), `event-too-large`
 * or `append-too-large`.
 */
export function checkAppend(stream: string, events: readonly EventToAppend[]): { readonly bytes: number } {
  if (events.length === 0) throw invalid('events', 'is empty: an append needs at least one event')
  checkText(stream, 'stream')
  let bytes = 0
  const ids = new Set<string>()
  for (const [index, event] of events.entries()) {
    bytes += checkEvent(event, index)
    if (ids.add(event.id).size === index) throw idReused(stream, event.id)
  }
  if (events.length > EVENT_LIMITS.appendEvents || bytes > EVENT_LIMITS.appendBytes)
    throw tooLarge(events.length, bytes)
  return { bytes }
}

const TEXT_FIELDS = ['id', 'type', 'data', 'metadata', 'recordedAt', 'previousHash', 'hash'] as const

function checkEvent(event: EventToAppend, index: number): number {
  if (!areTextsStorable(event)) for (const field of TEXT_FIELDS) checkText(event[field], `events[${index}].${field}`)
  if (!Number.isSafeInteger(event.schemaVersion)) throw invalid(`events[${index}].schemaVersion`, 'is not an integer')
  const bytes = Buffer.byteLength(event.data)
  if (bytes > EVENT_LIMITS.eventBytes) throw eventTooLarge(event.type, bytes)
  return bytes + Buffer.byteLength(event.metadata)
}

/** All of `TEXT_FIELDS`, spelled out: a look-up by a name that varies costs more than the check itself. */
function areTextsStorable({ id, type, data, metadata, recordedAt, previousHash, hash }: EventToAppend): boolean {
  return (
    isStorable(id) &&
    isStorable(type) &&
    isStorable(data) &&
    isStorable(metadata) &&
    isStorable(recordedAt) &&
    isStorable(previousHash) &&
    isStorable(hash)
  )
}

/**
 * A NUL ends a text in PostgreSQL and SQLite's tools, and a lone surrogate comes back from UTF-8 as another character.
 */
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

function checkText(text: string, path: string): void {
  if (isStorable(text)) return
  const problem = text.isWellFormed() ? 'holds a NUL character' : 'holds half of a surrogate pair'
  throw new LedgerError('json-unsupported', `${path} ${problem}, which no store can keep: escape it.`, {
    path,
    problem,
  })
}

function invalid(path: string, problem: string): LedgerError<'input-invalid'> {
  return new LedgerError('input-invalid', `The append is not valid: ${path} ${problem}.`, {
    what: 'append',
    issues: [{ path, problem }],
  })
}

function eventTooLarge(type: string, bytes: number): LedgerError<'event-too-large'> {
  const limitBytes = EVENT_LIMITS.eventBytes
  return new LedgerError(
    'event-too-large',
    `A ${type} holds ${bytes} bytes of data; the limit is ${limitBytes}. Record it in several events.`,
    { type, bytes, limitBytes },
  )
}

function tooLarge(events: number, bytes: number): LedgerError<'append-too-large'> {
  const { appendEvents: limitEvents, appendBytes: limitBytes } = EVENT_LIMITS
  return new LedgerError(
    'append-too-large',
    `An append of ${events} events and ${bytes} bytes is too large: the limits are ${limitEvents} events and ` +
      `${limitBytes} bytes. Write it in several appends.`,
    { events, bytes, limitEvents, limitBytes },
  )
}
