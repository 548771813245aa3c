import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checker } from './checks.fixture.ts'
import { checkEnding } from './ending.fixture.ts'
import { play } from './play.fixture.ts'
import { scripts } from './script.fixture.ts'
import type { Script } from './script.fixture.ts'
import { stage } from './stage.fixture.ts'

/** `INFRALEDGER_RUNS=10000` looks longer; `INFRALEDGER_SEED=<seed>` plays a failure again, `INFRALEDGER_PATH=<path>` only its last script. */
const { INFRALEDGER_RUNS: runs, INFRALEDGER_SEED: seed, INFRALEDGER_PATH: path } = process.env
const RUNS = 100
const MS_PER_RUN = 2_000
/** A script that takes so long waits for something that never comes. */
const STUCK_MS = 10_000

async function playWhole({ setup, commands }: Script): Promise<void> {
  const set = await stage(setup)
  const checks = checker(set)
  const log = [JSON.stringify(setup)]
  try {
    await checks.check()
    for (const command of commands) {
      log.push(JSON.stringify(command))
      log.push(`  -> ${await play(set, command)}`)
      await checks.check()
    }
    log.push('the end')
    await checkEnding(set, checks)
  } catch (error) {
    throw new Error(`after\n  ${log.join('\n  ')}\n${String(error)}`, { cause: error })
  } finally {
    for (const { kill } of set.processes) kill()
  }
}

test(
  'GRAPH 1, GRAPH 2, GRAPH 3, GRAPH 4, GRAPH 5, OWN 1, DRIFT 3, DRIFT 11, DRIFT 15, CHANGE 4, CHANGE 5, CHANGE 7, PROTECT 2, PROTECT 4, PROTECT 8, DEPLOY 1, DEPLOY 2, DEPLOY 3, DEPLOY 7, ACCESS 1, ACCESS 3, LEDGER 3: whatever happens in whatever order, the rules hold',
  async () => {
    const replay = { ...(seed === undefined ? {} : { seed: Number(seed) }), ...(path === undefined ? {} : { path }) }
    const numRuns = Number(runs ?? RUNS)
    await fc.assert(fc.asyncProperty(scripts(), playWhole), { numRuns, timeout: STUCK_MS, ...replay })
    expect(numRuns).toBeGreaterThan(0)
  },
  Number(runs ?? RUNS) * MS_PER_RUN,
)
