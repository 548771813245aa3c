import { styleText } from 'node:util'

/** How this example speaks: plain text where colours are unwanted. */
export type Narrator = {
  readonly chapter: (title: string) => void
  readonly say: (text: string) => void
  readonly block: (text: string) => void
  readonly table: (columns: readonly string[], rows: readonly (readonly string[])[]) => void
}

/** Tells a story line by line; `colours` off gives the same text without escape codes. */
export function narrator(write: (line: string) => void, colours: boolean): Narrator {
  let chapters = 0
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    colours ? styleText(format, text, { validateStream: false }) : text
  return {
    chapter(title) {
      chapters++
      write('')
      write(style(['bold', 'cyan'], `${chapters}. ${title}`))
    },
    say: (text) => write(`   ${text}`),
    block: (text) => text.split('\n').forEach((line) => write(style('dim', `   │ ${line}`))),
    table(columns, rows) {
      const widths = columns.map((column, index) =>
        Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
      )
      const line = (cells: readonly string[]): string =>
        cells
          .map((cell, index) => cell.padEnd(widths[index] ?? 0))
          .join('  ')
          .trimEnd()
      write(`   ${style('bold', line(columns))}`)
      for (const row of rows) write(`   ${line(row)}`)
    },
  }
}
