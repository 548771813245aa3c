import { cut, pad, widthOf } from './cells.ts'
import { expanded } from './expanded.ts'
import type { Look, Style } from './look.ts'
import { plain } from './text.ts'

/** One column: its heading, its style, and how it gives way where a terminal is narrow. */
export type Column = {
  readonly heading: string
  readonly style?: Style
  readonly alignRight?: boolean
  /**
   * `keep`: what rows are known by, which gives way last. `whole`: of no use when it is cut, as ids that one copies and sentences.
   * `moment`: becomes its day, and is left out before what rows are known by is cut.
   */
  readonly narrow?: 'keep' | 'whole' | 'moment'
}

const GAP = '  '
/** A column that is cut keeps at least this much. */
const NARROWEST = 8
const DAY = '2026-01-31'.length

/**
 * Rows in aligned columns under headings. On a terminal, the widest columns give way until a row fits on a line; where what must stay
 * whole does not fit, each row becomes a block of lines instead.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], look: Look): string {
  const cells = rows.map((row) => row.map(plain))
  const widths = columns.map(({ heading }, index) =>
    cells.reduce((widest, row) => Math.max(widest, widthOf(row[index] ?? '')), widthOf(heading)),
  )
  if (look.width !== undefined && mustExpand(columns, widths, look.width)) return expanded(columns, cells, look)
  const left = look.width === undefined ? undefined : leftOut(columns, widths, look.width)
  if (left !== undefined)
    return table(
      columns.toSpliced(left, 1),
      cells.map((row) => row.toSpliced(left, 1)),
      look,
    )
  const fitted = look.width === undefined ? widths : fit(columns, widths, look.width)
  const line = (row: readonly string[], style: (column: Column) => Style | undefined): string =>
    columns
      .map((column, index) => {
        const width = fitted[index] ?? 0
        const text = pad(
          shorten(row[index] ?? '', width, column),
          width,
          column.alignRight,
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

function mustExpand(columns: readonly Column[], widths: readonly number[], width: number): boolean {
  if (!columns.some(({ narrow }) => narrow === 'whole')) return false
  const least = columns.map((column, index) => Math.min(widths[index] ?? 0, leastWidth(column)))
  return rowWidth(least) > width
}

/** The last moment that is left out so that what rows are known by stays whole. */
function leftOut(columns: readonly Column[], widths: readonly number[], width: number): number | undefined {
  const least = columns.map((column, index) =>
    column.narrow === 'keep' ? (widths[index] ?? 0) : Math.min(widths[index] ?? 0, leastWidth(column)),
  )
  const last = columns.findLastIndex(({ narrow }) => narrow === 'moment')
  return last === -1 || rowWidth(least) <= width ? undefined : last
}

function leastWidth({ narrow }: Column): number {
  return narrow === 'whole' ? Infinity : narrow === 'moment' ? DAY : NARROWEST
}

function rowWidth(widths: readonly number[]): number {
  return widths.reduce((sum, column) => sum + column, 0) + GAP.length * (widths.length - 1)
}

/** Takes from the widest columns until the row fits, or all are as narrow as they may be: moments first, from those that are kept at last. */
function fit(columns: readonly Column[], widths: readonly number[], width: number): readonly number[] {
  if (rowWidth(widths) <= width) return widths
  const fitted = widths.map((own, index) => {
    const column = columns[index]
    return column?.narrow === 'moment' ? Math.min(own, Math.max(DAY, widthOf(column.heading))) : own
  })
  let surplus = rowWidth(fitted) - width
  const take = (isMeant: (column: Column) => boolean): void => {
    while (surplus > 0) {
      const meant = columns.map((column) => isMeant(column))
      const widest = Math.max(0, ...fitted.filter((_, index) => meant[index]))
      if (widest <= NARROWEST) return
      fitted[fitted.findIndex((one, index) => one === widest && meant[index])] = widest - 1
      surplus--
    }
  }
  take(({ narrow }) => narrow === undefined)
  take(({ narrow }) => narrow === 'keep')
  return fitted
}

function shorten(text: string, width: number, { narrow }: Column): string {
  return narrow === 'moment' && widthOf(text) > width ? text.slice(0, DAY) : cut(text, width)
}
