import type { JsonValue } from '@infraledger/core'
import { decodeEvent, isJsonArray } from '@infraledger/core/adapter'
import type { DecodedEvent, RecordedEvent } from '@infraledger/core/adapter'

/** How JSON text shows what PostgreSQL cannot keep, in `text` or `jsonb`: NUL, and (with a few that are whole) halves of surrogate pairs. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/i

/**
 * Reads an event back as both databases can hold it: text loses what PostgreSQL has no way to keep, so that no value that somebody thought of
 * stops the projection. The ledger itself keeps every byte.
 */
export function decodeStorable(recorded: RecordedEvent): DecodedEvent {
  const { data, metadata } = recorded
  if (!UNSTORABLE.test(data) && !UNSTORABLE.test(metadata)) return decodeEvent(recorded)
  return decodeEvent({ ...recorded, data: storable(data), metadata: storable(metadata) })
}

function storable(text: string): string {
  // JSON text is what an event holds.
  return JSON.stringify(wellFormed(JSON.parse(text) as JsonValue))
}

function wellFormed(value: JsonValue): JsonValue {
  if (typeof value === 'string') return wellFormedText(value)
  if (typeof value !== 'object' || value === null) return value
  if (isJsonArray(value)) return value.map(wellFormed)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [wellFormedText(key), wellFormed(member)]))
}

function wellFormedText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u{FFFD}')
}
