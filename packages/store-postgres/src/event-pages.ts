import type { EventPage, RecordedEvent } from '@infraledger/core/adapter'
import type { Row } from './connections.ts'

/** What one query brings into memory. Bytes count `data` alone; a page ends with the event that reaches it. */
export const PAGE_LIMITS = { events: 1_000, bytes: 4 * 1024 * 1024 } as const

/** The columns of a {@link RecordedEvent}, in the order in which `toEvent` takes them. */
const EVENT_COLUMNS =
  'position, stream, revision, id, type, schema_version, data, metadata, recorded_at, previous_hash, hash'

/** A page, and what the query said of the end of what it reads; `undefined` where it did not look. */
export type BoundedPage = EventPage & { readonly bound: string | undefined }

/**
 * SQL for a page of `source`, in the order of a column: at most so many events, and no more after the one that fills
 * the page's bytes. Sizes are known without unpacking the data.
 */
export function pageQuery(source: string, order: string, limit: string): string {
  return `
    select ${EVENT_COLUMNS}, bytes from (
      select ${EVENT_COLUMNS}, sum(octet_length(data)) over (order by ${order} rows unbounded preceding) as bytes,
        octet_length(data) as own
      from ${source} order by ${order} limit ${limit}
    ) as measured where bytes - own < ${PAGE_LIMITS.bytes}`
}

/** Makes a page of the rows of {@link pageQuery}, each behind the bound; one row of nulls stands for none. */
export function toPage(rows: readonly Row[], limit: number): BoundedPage {
  const bound = rows[0]?.[0] ?? undefined
  if (rows[0]?.[1] === null) return { events: [], last: true, bound }
  const end = rows.at(-1)
  const full = rows.length >= limit || Number(end?.[12] ?? 0) >= PAGE_LIMITS.bytes
  return { events: rows.map(toEvent), last: !full, bound }
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
  // The columns are those of EVENT_COLUMNS behind the bound, and none of them may be null.
  const [, position, stream, revision, id, type, schemaVersion, data, metadata, recordedAt, previousHash, hash] =
    row as unknown as EventRow
  const place = { id, stream, revision: Number(revision), position: BigInt(position) }
  return { ...place, type, schemaVersion: Number(schemaVersion), data, metadata, recordedAt, previousHash, hash }
}
