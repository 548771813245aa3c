import type { EventStore } from '../event-store/event-store.ts'
import { EXPORT_VERSION, exportLine } from './export-format.ts'
import type { ExportEnd, ExportHeader } from './export-format.ts'

/** What an export may be given. */
export type ExportOptions = {
  /** Once it aborts, the export ends by throwing its reason: what was written so far has no last line. */
  readonly signal?: AbortSignal
}

/**
 * A whole store as JSON Lines: a header, one line for each event in the store's order, and a last line with the number of events and the
 * head of each stream. Read as it is asked for. Nothing is checked, so that also a ledger that is not intact can be taken out.
 */
export async function* exportLedger(
  store: EventStore,
  exportedAt: Date,
  { signal }: ExportOptions = {},
): AsyncGenerator<string, void> {
  signal?.throwIfAborted()
  const header: ExportHeader = {
    format: 'infraledger',
    version: EXPORT_VERSION,
    exportedAt: exportedAt.toISOString(),
    positions: store.positions,
  }
  yield exportLine(header)
  const heads = new Map<string, { readonly revision: number; readonly hash: string }>()
  let events = 0
  for await (const recorded of store.readAll()) {
    signal?.throwIfAborted()
    const { id, stream, revision, position, type, schemaVersion, data, metadata } = recorded
    const { recordedAt, previousHash, hash } = recorded
    const place = { id, stream, revision, position: String(position) }
    yield exportLine({ ...place, type, schemaVersion, data, metadata, recordedAt, previousHash, hash })
    heads.set(stream, { revision, hash })
    events++
  }
  signal?.throwIfAborted()
  const end: ExportEnd = { end: true, events, heads: Object.fromEntries(heads) }
  yield exportLine(end)
}
