import { CHANGE_COLUMNS, cellsOf, DRIFT_COLUMNS, SCAN_COLUMNS } from './cells.ts'
import type { Cells } from './cells.ts'
import { integrityStatements } from './integrity-text.ts'
import type { PeriodReport } from './period-report.ts'
import type { ReportRow } from './rows.ts'

const COLUMNS = ['record', ...new Set([...CHANGE_COLUMNS, ...DRIFT_COLUMNS, ...SCAN_COLUMNS]), 'statement']

/**
 * A report as one CSV table (RFC 4180, UTF-8): what it is and rests on, then every change, adopted drift and scan, told apart by the column
 * `record`. A cell that a spreadsheet would take for a formula begins with an apostrophe.
 */
export async function* reportCsv(report: PeriodReport): AsyncGenerator<string, void> {
  yield line(COLUMNS)
  const environments = report.environments?.join(' ') ?? 'all environments'
  yield row({
    record: 'report',
    statement: `From ${report.from} to before ${report.to}, ${environments}, made at ${report.madeAt}. Tickets are what reads as ${report.tickets}.`,
  })
  for (const statement of integrityStatements(report)) yield row({ record: 'integrity', statement })
  for (const section of [report.changes(), report.adoptedDrift(), report.scans()])
    for await (const item of section as AsyncIterable<ReportRow>) yield row({ record: item.record, ...cellsOf(item) })
  // Without it, the file was cut off.
  yield row({ record: 'end' })
}

function row(cells: Cells): string {
  return line(COLUMNS.map((column) => cells[column] ?? ''))
}

function line(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`
}

/** What a spreadsheet begins a formula with (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

function quoted(cell: string): string {
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return `"${text.replaceAll('"', '""')}"`
}
