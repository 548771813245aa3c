import type { EventPage, RecordedEvent } from '@infraledger/core/adapter'
import type { Row } from './connection.ts'

/** What one query brings into memory. Bytes count `data` alone; a page ends with the event that reaches it. */
export const PAGE_LIMITS = { events: 1_000, bytes: 4 * 1024 * 1024 } as const

/** A page, and what the query said of the end of what it reads; `undefined` where it did not look. */
export type BoundedPage = EventPage & { readonly bound: string | undefined }

/** Makes a page of rows that each have the bound and then an event; one of nulls stands for none. */
export function toPage(rows: readonly Row[], limit: number): BoundedPage {
  const bound = rows[0]?.[0] ?? undefined
  if (rows[0]?.[1] === null) return { events: [], last: true, bound }
  const events = rows.map(toEvent)
  return { events, last: events.length < limit && bytesOf(events) < PAGE_LIMITS.bytes, bound }
}

function bytesOf(events: readonly RecordedEvent[]): number {
  return events.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0)
}

type EventRow = readonly [
  unknown,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
]

/** The one place where a row becomes an event. */
function toEvent(row: Row): RecordedEvent {
  // The columns of the table in their order, behind the bound; none of them may be null.
  const [, position, stream, revision, id, type, schemaVersion, data, metadata, recordedAt, previousHash, hash] =
    row as unknown as EventRow
  const place = { id, stream, revision: Number(revision), position: BigInt(position) }
  return { ...place, type, schemaVersion: Number(schemaVersion), data, metadata, recordedAt, previousHash, hash }
}
