import type { LedgerEvent } from '../../environment/catalogue.ts'
import type { ReportedScan, RowSource } from './rows.ts'

/** The row of a finished scan; undefined for any other event. */
export function scanRow(event: LedgerEvent, source: RowSource): ReportedScan | undefined {
  if (event.type !== 'ObservationCompleted') return undefined
  const { observation, scope, startedAt, finishedAt, counts, unseen, unseenCount } = event.data
  return { record: 'scan', ...source, observation, scope, startedAt, finishedAt, counts, unseen, unseenCount }
}
