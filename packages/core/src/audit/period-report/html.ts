import { CHANGE_COLUMNS, cellsOf, DRIFT_COLUMNS, SCAN_COLUMNS } from './cells.ts'
import { integrityStatements } from './integrity-text.ts'
import type { PeriodReport } from './period-report.ts'
import type { ReportRow } from './rows.ts'

/** A report as one HTML file, which needs nothing else: to be read in a browser, by a screen reader, or printed. Written as it is made. */
export async function* reportHtml(report: PeriodReport): AsyncGenerator<string, void> {
  const { from, to, madeAt, environments, tickets, integrity } = report
  const title = `Changes from ${from} to before ${to}`
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(environments === undefined ? 'All environments' : `Environments: ${environments.join(', ')}`)}. Made at ${escaped(madeAt)} from the ledger itself. All times are UTC; a change belongs to the period in which it was recorded. Persons are subjects of the directory. Tickets are what reads as <code>${escaped(tickets)}</code> in reasons, correlation ids and names of branches.</p>
<section aria-labelledby="integrity" class="${integrity.intact ? 'intact' : 'broken'}">
<h2 id="integrity">Integrity</h2>
<ul>
${integrityStatements(report)
  .map((statement) => `<li>${escaped(statement)}</li>`)
  .join('\n')}
</ul>
</section>
`
  yield* table('changes', 'Changes', CHANGE_COLUMNS, report.changes())
  yield* table('adopted-drift', 'Adopted drift', DRIFT_COLUMNS, report.adoptedDrift())
  yield* table('scans', 'Scans', SCAN_COLUMNS, report.scans())
  yield '<p>End of the report.</p>\n</main>\n</body>\n</html>\n'
}

async function* table(
  id: string,
  heading: string,
  columns: readonly string[],
  rows: AsyncIterable<ReportRow>,
): AsyncGenerator<string, void> {
  const heads = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('')
  yield `<section aria-labelledby="${id}">\n<h2 id="${id}">${heading}</h2>\n<div class="wide" role="region" aria-labelledby="${id}" tabindex="0">\n<table aria-labelledby="${id}">\n<thead><tr>${heads}</tr></thead>\n<tbody>\n`
  let count = 0
  for await (const row of rows) {
    const cells = cellsOf(row)
    const [first = '', ...others] = columns.map((column) => escaped(cells[column] ?? ''))
    yield `<tr><th scope="row">${first}</th>${others.map((cell) => `<td>${cell}</td>`).join('')}</tr>\n`
    count++
  }
  yield `</tbody>\n</table>\n</div>\n<p>${count === 1 ? '1 row' : `${count} rows`}.</p>\n</section>\n`
}

const STYLE = `
body { font: 15px/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 2rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.85rem; }
th, td { border: 1px solid #767676; padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; min-width: 5rem; }
thead th { background: #eee; } tbody th { font-weight: normal; white-space: nowrap; }
.intact { border-left: 0.4rem solid #1b6e3c; padding-left: 1rem; } .broken { border-left: 0.4rem solid #b00020; padding-left: 1rem; }
@page { size: A4 landscape; margin: 12mm; }
@media print { body { margin: 0; font-size: 9pt; } .wide { overflow: visible; } table { font-size: 6.5pt; } thead { display: table-header-group; } tr { break-inside: avoid; } th, td { min-width: 0; } }
`

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Control characters, and those that reverse the direction of what follows: a name could make a row read as another. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const COMMANDING = /[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g

function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replaceAll(COMMANDING, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
}
