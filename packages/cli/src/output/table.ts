import stringWidth from 'string-width'
import type { Look, Style } from './look.ts'
import { plain } from './text.ts'

/** One column: its heading, its style, and whether it is what rows are known by, so that it gives way last where it is narrow. */
export type Column = {
  readonly heading: string
  readonly style?: Style
  readonly alignRight?: boolean
  readonly keep?: boolean
}

const GAP = '  '
/** A column that is cut keeps at least this much. */
const NARROWEST = 8

/** Rows in aligned columns under headings. On a terminal, the widest columns give way until a row fits on a line. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], look: Look): string {
  const cells = rows.map((row) => row.map(plain))
  const widths = columns.map(({ heading }, index) =>
    cells.reduce((widest, row) => Math.max(widest, widthOf(row[index] ?? '')), widthOf(heading)),
  )
  const fitted = look.width === undefined ? widths : fit(columns, widths, look.width)
  const line = (row: readonly string[], style: (column: Column) => Style | undefined): string =>
    columns
      .map((column, index) => {
        const text = pad(
          cut(row[index] ?? '', fitted[index] ?? 0),
          fitted[index] ?? 0,
          column,
          index === columns.length - 1,
        )
        const painted = style(column)
        return painted === undefined ? text : look.paint(painted, text)
      })
      .join(GAP)
      .trimEnd()
  const headings = columns.map(({ heading }) => heading)
  return [line(headings, () => 'dim'), ...cells.map((row) => line(row, ({ style }) => style))].join('\n')
}

/** Takes from the widest columns until the row fits, or all are as narrow as they may be: from those that are kept at last. */
function fit(columns: readonly Column[], widths: readonly number[], width: number): readonly number[] {
  const fitted = [...widths]
  let surplus = fitted.reduce((sum, column) => sum + column, 0) + GAP.length * (fitted.length - 1) - width
  const narrow = (isMeant: (column: Column) => boolean): void => {
    while (surplus > 0) {
      const widest = Math.max(...fitted.filter((_, index) => isMeant(columns[index] ?? { heading: '' })))
      if (widest <= NARROWEST) return
      fitted[fitted.findIndex((one, index) => one === widest && isMeant(columns[index] ?? { heading: '' }))] =
        widest - 1
      surplus--
    }
  }
  narrow(({ keep }) => keep !== true)
  narrow(() => true)
  return fitted
}

function pad(text: string, width: number, { alignRight }: Column, isLast: boolean): string {
  const missing = ' '.repeat(Math.max(0, width - widthOf(text)))
  if (alignRight === true) return missing + text
  return isLast ? text : text + missing
}

const graphemes = new Intl.Segmenter()

function cut(text: string, width: number): string {
  if (text.length <= width && isAscii(text)) return text
  if (widthOf(text) <= width) return text
  let kept = ''
  let used = 1
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment)
    if (used > width) break
    kept += segment
  }
  return `${kept}…`
}

/** Nearly all text is ASCII, of which each character is one column. */
function widthOf(text: string): number {
  return isAscii(text) ? text.length : stringWidth(text)
}

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text)
}
