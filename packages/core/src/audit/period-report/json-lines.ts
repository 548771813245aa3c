import type { PeriodReport } from './period-report.ts'
import type { ReportRow } from './rows.ts'

/** A report as JSON Lines: what it is and rests on, then every row, then a line that says how many there were. Positions are digits. */
export async function* reportJson(report: PeriodReport): AsyncGenerator<string, void> {
  const { from, to, madeAt, environments, tickets, integrity, unknownEvents } = report
  const heads = Object.fromEntries(integrity.heads)
  yield line({
    record: 'report',
    from,
    to,
    madeAt,
    environments,
    tickets,
    integrity: { ...integrity, heads },
    unknownEvents,
  })
  let rows = 0
  for (const section of [report.changes(), report.adoptedDrift(), report.scans()])
    for await (const row of section as AsyncIterable<ReportRow>) {
      yield line(row)
      rows++
    }
  yield line({ record: 'end', rows })
}

function line(value: unknown): string {
  return `${JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? String(member) : member))}\n`
}
