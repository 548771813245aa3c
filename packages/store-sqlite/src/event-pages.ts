import type { StatementSync } from 'node:sqlite'
import type { EventPage, RecordedEvent } from '@infraledger/core/adapter'

/** What one query brings into memory. Characters count `data` alone; a page ends with the event that reaches it. */
export const PAGE_LIMITS = { events: 1_000, characters: 4 * 1024 * 1024 } as const

/** The columns of a {@link RecordedEvent}, in the order in which `toEvent` takes them. */
export const EVENT_COLUMNS =
  'position, stream, revision, id, type, schema_version, data, metadata, recorded_at, previous_hash, hash'

/** Runs a query of {@link EVENT_COLUMNS} whose last parameter is its limit, for at most one page. */
export type PageQuery = (limit: number, ...parameters: (string | number | bigint)[]) => EventPage

type Row = readonly [number, string, number, string, string, number, string, string, string, string, string]

/** Prepares a query for pages. */
export function pageQuery(statement: StatementSync): PageQuery {
  // Rows as arrays are read nearly twice as fast; before Node 22.16 there are only objects, whose values have the same
  // order.
  const asArrays = typeof statement.setReturnArrays === 'function'
  if (asArrays) statement.setReturnArrays(true)
  return (limit, ...parameters) => {
    const events: RecordedEvent[] = []
    let characters = 0
    const rows = statement.iterate(...parameters, Math.min(limit, PAGE_LIMITS.events))
    try {
      for (const row of rows) {
        const event = toEvent(asArrays ? row : Object.values(row))
        events.push(event)
        characters += event.data.length
        if (characters >= PAGE_LIMITS.characters) return { events, last: false }
      }
    } catch (error) {
      // A row that cannot be read ends the loop without ending the query, whose view of the file would then stand still for later ones.
      rows.return?.()
      throw error
    }
    return { events, last: events.length < PAGE_LIMITS.events }
  }
}

/** The one place where a row becomes an event. */
function toEvent(values: unknown): RecordedEvent {
  // The columns are those of EVENT_COLUMNS, and the table is STRICT: SQLite itself holds their types.
  const [position, stream, revision, id, type, schemaVersion, data, metadata, recordedAt, previousHash, hash] =
    values as Row
  const place = { id, stream, revision, position: BigInt(position) }
  return { ...place, type, schemaVersion, data, metadata, recordedAt, previousHash, hash }
}
