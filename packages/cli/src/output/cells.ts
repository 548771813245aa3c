import stringWidth from 'string-width'

/** Fills text up to a width; at the end of a line there is nothing to fill up to. */
export function pad(text: string, width: number, alignRight = false, isLast = false): string {
  const missing = ' '.repeat(Math.max(0, width - widthOf(text)))
  if (alignRight) return missing + text
  return isLast ? text : text + missing
}

const graphemes = new Intl.Segmenter()

/** Text that is at most this wide, with an ellipsis where something was left out. */
export function cut(text: string, width: number): string {
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

/** Columns of a terminal that text takes. Nearly all text is ASCII, of which each character is one. */
export function widthOf(text: string): number {
  return isAscii(text) ? text.length : stringWidth(text)
}

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text)
}
