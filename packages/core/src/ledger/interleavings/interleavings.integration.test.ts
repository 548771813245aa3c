import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { chooseSeeds } from './choose-seeds.fixture.ts'
import { falsifications } from './falsified/falsifications.fixture.ts'
import { playScript } from './play-script.fixture.ts'
import { heldRules } from './rules/held.fixture.ts'
import { judgeTape } from './rules/judge-tape.fixture.ts'
import type { RuleId } from './rules/judge.fixture.ts'
import type { Tape } from './rules/moment.fixture.ts'
import { scripts } from './script/script.fixture.ts'
import { scriptOf, SEEDS } from './seeds.fixture.ts'

/**
 * `INFRALEDGER_RUNS=10000` looks longer; `INFRALEDGER_SEED=<seed>` plays a failure again, `INFRALEDGER_PATH=<path>` only its last script.
 * `INFRALEDGER_CHOOSE=600` chooses the fixed seeds anew, of so many, and prints them.
 */
const {
  INFRALEDGER_RUNS: runs,
  INFRALEDGER_SEED: seed,
  INFRALEDGER_PATH: path,
  INFRALEDGER_CHOOSE: choose,
} = process.env
const RUNS = 60
const MS_PER_RUN = 2_000
/** A script that takes so long waits for something that never comes. */
const STUCK_MS = 10_000

test(
  'GRAPH 1, GRAPH 2, GRAPH 3, GRAPH 4, GRAPH 5, GRAPH 6, GRAPH 7, GRAPH 8, OWN 1, OWN 2, OWN 3, OWN 4, OWN 5, OWN 6, OWN 7, OWN 8, CHANGE 1, CHANGE 2, CHANGE 3, CHANGE 4, CHANGE 5, CHANGE 6, CHANGE 7, CHANGE 8, DRIFT 1, DRIFT 2, DRIFT 3, DRIFT 4, DRIFT 5, DRIFT 6, DRIFT 7, DRIFT 8, DRIFT 9, DRIFT 10, DRIFT 11, DRIFT 12, DRIFT 13, DRIFT 14, DRIFT 15, DRIFT 16, DRIFT 17, DRIFT 18, DRIFT 19, DRIFT 20, DEPLOY 1, DEPLOY 2, DEPLOY 3, DEPLOY 4, DEPLOY 5, DEPLOY 6, DEPLOY 7, DEPLOY 8, DEPLOY 9, DEPLOY 10, DEPLOY 11, DEPLOY 12, DEPLOY 13, DEPLOY 14, PROTECT 1, PROTECT 2, PROTECT 3, PROTECT 4, PROTECT 5, PROTECT 6, PROTECT 7, PROTECT 8, PROTECT 9, PROTECT 10, PROTECT 11, ACCESS 1, ACCESS 2, ACCESS 3, ACCESS 4, ACCESS 5, LEDGER 3: whatever happens in whatever order, the rules hold',
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

  beforeAll(
    async () => {
      const seeds = choose === undefined ? SEEDS : await chooseSeeds(Number(choose))
      if (choose !== undefined) process.stdout.write(`chosen: ${seeds.join(', ')}\n`)
      for (const one of seeds) {
        const played = await playScript(scriptOf(one)).catch((error: unknown) => {
          throw new Error(`the script of seed ${one} breaks a rule`, { cause: error })
        })
        tapes.push(played.tape)
        for (const [rule, count] of played.judge.exercised) counts.set(rule, (counts.get(rule) ?? 0) + count)
      }
    },
    (Number(choose ?? 0) * 2 + SEEDS.length) * MS_PER_RUN,
  )

  test('every rule is put to the test', () => {
    const table = heldRules.map((rule) => `${rule.padEnd(12)}${String(counts.get(rule) ?? 0).padStart(8)}`)
    process.stdout.write(`${table.join('\n')}\n`)
    expect(heldRules.filter((rule) => (counts.get(rule) ?? 0) === 0)).toEqual([])
  })

  test('a tape that is judged again breaks no rule', () => {
    for (const tape of tapes) expect(judgeTape(tape)).toEqual([])
  })

  test('every rule objects to something', () => {
    const falsified = new Set(falsifications.map(([rule]) => rule))
    expect(heldRules.filter((rule) => !falsified.has(rule))).toEqual([])
  })

  test.each(falsifications)('%s objects when %s', (rule, _, falsify) => {
    for (const tape of tapes) {
      const moments = falsify(tape)
      if (moments === undefined) continue
      const problems = judgeTape({ ...tape, moments })
      expect(problems.filter((problem) => problem.startsWith(`${rule}:`))).not.toEqual([])
      return
    }
    expect.fail('no script leads to where it could be falsified')
  })
})
