import type { Sink } from './io.ts'

/** One line on a terminal that says how far a long command is. Elsewhere it says nothing. */
export interface Progress {
  show(text: string): Promise<void>
  /** Takes the line away. */
  clear(): Promise<void>
}

const ERASE_LINE = '\r\u001B[2K'

/** Progress on a sink, which a person has to look at. */
export function progressOn({ columns, write }: Sink): Progress {
  if (columns === undefined) return { show: () => Promise.resolve(), clear: () => Promise.resolve() }
  return {
    async show(text) {
      await write(`${ERASE_LINE}${text.slice(0, columns - 1)}`)
    },
    async clear() {
      await write(ERASE_LINE)
    },
  }
}
