import type { RuleId } from './judge.fixture.ts'

type Concern = Parameters<typeof ids>[0]

function ids(
  concern: 'GRAPH' | 'OWN' | 'CHANGE' | 'DRIFT' | 'DEPLOY' | 'PROTECT' | 'ACCESS',
  last: number,
): readonly RuleId[] {
  return Array.from({ length: last }, (_, index): RuleId => `${concern} ${index + 1}`)
}

/** The rules that are held after each command: all that docs/rules.md lists of these concerns. */
const LAST: { readonly [C in Concern]: number } = {
  GRAPH: 8,
  OWN: 8,
  CHANGE: 8,
  DRIFT: 20,
  DEPLOY: 14,
  PROTECT: 11,
  ACCESS: 5,
}

export const heldRules: readonly RuleId[] = (Object.keys(LAST) as Concern[]).flatMap((concern) =>
  ids(concern, LAST[concern]),
)
