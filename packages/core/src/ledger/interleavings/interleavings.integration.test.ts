import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { falsifications } from './falsified/falsifications.fixture.ts'
import { playScript } from './play-script.fixture.ts'
import { allRules } from './rules/all-rules.fixture.ts'
import { judge } from './rules/judge.fixture.ts'
import type { RuleId } from './rules/judge.fixture.ts'
import type { Terms } from './rules/facts.fixture.ts'
import type { Moment, Tape } from './rules/moment.fixture.ts'
import { heldRules } from './rules/held.fixture.ts'
import { scripts } from './script/script.fixture.ts'
import { scriptOf, SEEDS } from './seeds.fixture.ts'

/** `INFRALEDGER_RUNS=10000` looks longer; `INFRALEDGER_SEED=<seed>` plays a failure again, `INFRALEDGER_PATH=<path>` only its last script. */
const { INFRALEDGER_RUNS: runs, INFRALEDGER_SEED: seed, INFRALEDGER_PATH: path } = process.env
const RUNS = 30
const MS_PER_RUN = 2_000
/** A script that takes so long waits for something that never comes. */
const STUCK_MS = 10_000

test(
  'LEDGER 3: whatever happens in whatever order, the rules hold',
  async () => {
    const replay = { ...(seed === undefined ? {} : { seed: Number(seed) }), ...(path === undefined ? {} : { path }) }
    const numRuns = Number(runs ?? RUNS)
    const property = fc.asyncProperty(scripts(), async (script) => void (await playScript(script)))
    await fc.assert(property, { numRuns, timeout: STUCK_MS, ...replay })
    expect(numRuns).toBeGreaterThan(0)
  },
  Number(runs ?? RUNS) * MS_PER_RUN,
)

describe('over the same scripts each time', () => {
  const counts = new Map<RuleId, number>()
  const tapes: Tape[] = []

  beforeAll(async () => {
    for (const one of SEEDS) {
      const played = await playScript(scriptOf(one))
      tapes.push(played.tape)
      for (const [rule, count] of played.judge.exercised) counts.set(rule, (counts.get(rule) ?? 0) + count)
    }
  }, SEEDS.length * MS_PER_RUN)

  test('every rule is put to the test', () => {
    const table = heldRules.map((rule) => `${rule.padEnd(12)}${String(counts.get(rule) ?? 0).padStart(8)}`)
    process.stdout.write(`${table.join('\n')}\n`)
    expect(heldRules.filter((rule) => (counts.get(rule) ?? 0) === 0)).toEqual([])
  })

  test('a tape that is judged again breaks no rule', () => {
    for (const tape of tapes) expect(judged(tape.terms, tape.moments)).toEqual([])
  })

  test('every rule objects to something', () => {
    const falsified = new Set(falsifications.map(([rule]) => rule))
    expect(heldRules.filter((rule) => !falsified.has(rule))).toEqual([])
  })

  test.each(falsifications)('%s objects when %s', (rule, _, falsify) => {
    for (const tape of tapes) {
      const moments = falsify(tape)
      if (moments === undefined) continue
      const problems = judged(tape.terms, moments)
      expect(problems.filter((problem) => problem.startsWith(`${rule}:`))).not.toEqual([])
      return
    }
    expect.fail('no script leads to where it could be falsified')
  })
})

function judged(terms: Terms, moments: readonly Moment[]): readonly string[] {
  const held = judge(terms, allRules)
  for (const moment of moments) held.take(moment)
  return held.problems
}
