import { reject } from './ledger-error.ts'
import type { Rejection } from './ledger-error.ts'

/** Longest reason or comment that is recorded. */
export const TEXT_CHARACTERS = 4_096

/** The refusal of a text that has to say something and does not, or says too much; `message` reads `a rejection gives its reason`. */
export function checkRequiredText(what: string, text: string, message: string): Rejection | undefined {
  const problem =
    text.trim() === ''
      ? 'is empty'
      : text.length > TEXT_CHARACTERS
        ? `has over ${TEXT_CHARACTERS} characters`
        : undefined
  if (problem === undefined) return undefined
  return reject('input-invalid', `${message}; it ${problem}`, { what, issues: [{ path: what, problem }] })
}
