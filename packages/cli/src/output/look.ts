import { styleText } from 'node:util'
import type { Sink } from '../io.ts'

/** The few styles in use. */
export type Style = Extract<Parameters<typeof styleText>[0], 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'>

/** How text may look where it is going. */
export type Look = {
  /** Columns of the terminal; undefined where lines may be as long as they are. */
  readonly width: number | undefined
  readonly paint: (style: Style, text: string) => string
}

/** The look that fits a sink. */
export function lookOf(sink: Pick<Sink, 'columns' | 'colours'>): Look {
  return { width: sink.columns, paint: sink.colours ? painted : (_, text) => text }
}

/** Whether to paint is decided by the sink, so styleText is not asked to look at the streams of this process. */
function painted(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false })
}
