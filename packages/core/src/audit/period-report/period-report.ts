import type { IntegrityReport } from '../verify.ts'
import type { ReportedChange, ReportedDriftRow, ReportedScan } from './rows.ts'

/** What happened in a period, for somebody who was not there. The rows are read as they are asked for, each time anew. */
export interface PeriodReport {
  /** ISO 8601; inclusive. */
  readonly from: string
  /** ISO 8601; exclusive. */
  readonly to: string
  readonly madeAt: string
  /** Those that were asked for; undefined: all. */
  readonly environments: readonly string[] | undefined
  /** How tickets were looked for. */
  readonly tickets: string
  /** Every event was checked before anything was told; the rows end where the ledger is not intact. */
  readonly integrity: IntegrityReport
  /** Events of the period, of the environments asked for, whose type this version does not know: they may be changes. */
  readonly unknownEvents: number
  /** Every change of the graph, in the order of the store. */
  changes(): AsyncIterable<ReportedChange>
  /** Every property whose drift was adopted. */
  adoptedDrift(): AsyncIterable<ReportedDriftRow>
  /** Every scan that ended. */
  scans(): AsyncIterable<ReportedScan>
}
