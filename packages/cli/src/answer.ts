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

/** Many values, written as they come; a JSON array for scripts, or lines. */
export type StreamAnswer = {
  readonly type: 'stream'
  readonly items: AsyncIterable<{ readonly value: unknown; readonly text: (look: Look) => string }>
  /** What is said instead when there are none. */
  readonly none: string
  /** With --json each item is a document on a line of its own, as it comes: for what has no end. */
  readonly lines?: true
  /** Asked when all were written; see {@link DocumentAnswer}. */
  readonly outcome?: () => 'different' | 'failed' | undefined
}
