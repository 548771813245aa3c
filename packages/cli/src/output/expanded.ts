import { pad, widthOf } from './cells.ts'
import type { Look, Style } from './look.ts'

/** Rows as blocks, each value on a line of its own behind its heading; what is empty is left out. */
export function expanded(
  columns: readonly { readonly heading: string; readonly style?: Style }[],
  rows: readonly (readonly string[])[],
  look: Look,
): string {
  const label = Math.max(0, ...columns.map(({ heading }) => widthOf(heading)))
  const block = (row: readonly string[]): string =>
    columns
      .flatMap(({ heading, style }, index) => {
        const value = row[index] ?? ''
        const lines = wrapped(value, (look.width ?? Infinity) - label - 2)
        return value === ''
          ? []
          : lines.map((line, at) => {
              const before = look.paint('dim', pad(at === 0 ? heading : '', label))
              return `${before}  ${style === undefined ? line : look.paint(style, line)}`
            })
      })
      .join('\n')
  return rows.map(block).join('\n\n')
}

/** Text broken between words; a word that is too long stays whole, so that it can be copied. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width) lines.splice(-1, 1, `${last} ${word}`)
    else lines.push(word)
  }
  return lines
}
