import { allRules } from './all-rules.fixture.ts'
import { judge } from './judge.fixture.ts'
import type { Tape } from './moment.fixture.ts'

/** What of a tape breaks a rule. */
export function judgeTape({ terms, moments }: Tape): readonly string[] {
  const held = judge(terms, allRules)
  for (const moment of moments) held.take(moment)
  return held.problems
}
