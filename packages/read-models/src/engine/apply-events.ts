import { decodeStorable } from './storable-event.ts'
import type { RecordedEvent } from '@infraledger/core/adapter'
import type { LedgerEvent } from '@infraledger/core/rules'
import { lookupsOf } from '../projection/lookups.ts'
import { isGraphChange, project } from '../projection/project.ts'
import { workingSet } from '../projection/working-set.ts'
import type { ReadModelTransaction } from '../read-models.ts'
import type { Row } from '../tables/catalogue.ts'

/** Staged events that are projected at a time when their import is completed. */
const STAGED_PAGE = 1_000

/**
 * Takes events of one stream into the tables, within a transaction. Changes of the graph by an import are put aside until it is completed, so
 * that nobody reads half of it (GRAPH 5); what this version does not know is noted and skipped.
 */
export async function applyEvents(
  transaction: ReadModelTransaction,
  environment: string,
  recorded: readonly RecordedEvent[],
): Promise<void> {
  let isImporting = await hasOpenImport(transaction, environment)
  let ready: LedgerEvent[] = []
  let staged: Row<'staged_events'>[] = []
  const skipped: Row<'skipped_events'>[] = []
  const flush = async (): Promise<void> => {
    await projectAll(transaction, environment, ready)
    await transaction.add('staged_events', staged)
    ready = []
    staged = []
  }
  for (const one of recorded) {
    const { event, known } = decodeStorable(one)
    if (!known) skipped.push(skippedRow(environment, one))
    else if (isImporting && isGraphChange(event)) {
      staged.push({ environment, revision: event.revision, event: JSON.stringify(event) })
    } else {
      if (event.type === 'ImportStarted') isImporting = true
      if (event.type === 'ImportCompleted') {
        await flush()
        await showImport(transaction, environment, event.metadata.recordedAt)
        isImporting = false
      }
      ready.push(event)
    }
  }
  await flush()
  await transaction.add('skipped_events', skipped)
}

async function hasOpenImport(transaction: ReadModelTransaction, environment: string): Promise<boolean> {
  const [row] = await transaction.select('environments', { environment })
  return row !== undefined && row.open_import_id !== null
}

async function projectAll(
  transaction: ReadModelTransaction,
  environment: string,
  events: readonly LedgerEvent[],
  knownAt?: string,
): Promise<void> {
  if (events.length === 0) return
  const rows = workingSet()
  for (const lookup of lookupsOf(environment, events)) {
    rows.load(lookup.table, await transaction.find(environment, lookup))
  }
  for (const event of events) project(rows, environment, event, knownAt)
  await transaction.write(rows.changes())
}

/** Projects what was put aside, page by page: an import may be larger than memory should hold. */
async function showImport(transaction: ReadModelTransaction, environment: string, knownAt: string): Promise<void> {
  for (;;) {
    const page = await transaction.select('staged_events', { environment }, STAGED_PAGE)
    const last = page.at(-1)
    if (last === undefined) return
    // Put aside by `applyEvents`, as it was decoded.
    const events = page.map(({ event }) => JSON.parse(event) as LedgerEvent)
    await projectAll(transaction, environment, events, knownAt)
    await transaction.remove('staged_events', { environment, revision: { below: last.revision + 1 } })
  }
}

function skippedRow(environment: string, event: RecordedEvent): Row<'skipped_events'> {
  const { stream, revision, type, schemaVersion, recordedAt } = event
  return { environment, stream, revision, type, schema_version: schemaVersion, recorded_at: recordedAt }
}
