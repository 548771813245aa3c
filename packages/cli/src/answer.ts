import type { Look } from './output/look.ts'

/** What a command found: data for scripts, and the same for people. Only `main` writes it, so that stdout holds one or the other. */
export type Answer = DocumentAnswer | StreamAnswer

/** One value. */
export type DocumentAnswer = {
  readonly type: 'document'
  readonly value: unknown
  readonly text: (look: Look) => string
  /** `different`: exit code 2 with --detailed-exitcode. `failed`: exit code 1. */
  readonly outcome?: 'different' | 'failed' | undefined
}

/** Many values, written as they come; a JSON array for scripts. */
export type StreamAnswer = {
  readonly type: 'stream'
  readonly items: AsyncIterable<{ readonly value: unknown; readonly text: (look: Look) => string }>
  /** What is said instead when there are none. */
  readonly none: string
}
