import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { play } from '../../core/src/ledger/interleavings/play/play.fixture.ts'
import { scripts } from '../../core/src/ledger/interleavings/script/script.fixture.ts'
import type { Script } from '../../core/src/ledger/interleavings/script/script.fixture.ts'
import { openOn, stage } from '../../core/src/ledger/interleavings/stage.fixture.ts'
import { contentsOf } from './contents.fixture.ts'
import { compareWithLedger } from './differential.fixture.ts'
import { placesForTests } from './places.fixture.ts'
import type { Place } from './places.fixture.ts'
import { projectLedger } from './project-ledger.ts'
import { rebuildReadModels } from './rebuild-read-models.ts'

/** `INFRALEDGER_RUNS=1000` looks longer; `INFRALEDGER_SEED=<seed>` plays a failure again, `INFRALEDGER_PATH=<path>` only its last script. */
const { INFRALEDGER_RUNS: runs, INFRALEDGER_SEED: seed, INFRALEDGER_PATH: path } = process.env
const RUNS = 8
/** Commands after which the tables are brought up to date, now and then. */
const EVERY = 7

const places = placesForTests()

async function playAndCompare({ setup, commands }: Script, newPlace: () => Promise<Place>): Promise<void> {
  const { target } = await newPlace()
  const set = await stage(setup)
  try {
    for (const [index, command] of commands.entries()) {
      await play(set, command)
      if (index % EVERY === 0) await projectLedger({ store: set.store, target })
    }
  } finally {
    for (const { kill } of set.processes) kill()
  }
  await set.clock.advance(0)
  await projectLedger({ store: set.store, target })
  const contents = await contentsOf(target)
  // While an import is under way the library answers some questions with it already, the tables do not.
  if (contents.environments.every(({ open_import_id: open }) => open === null))
    await compareWithLedger(contents, openOn(set).environment('prod'))
  const { swapped } = await rebuildReadModels({ store: set.store, target })
  expect(swapped, 'projected at once, the tables are the same').toEqual({ removed: 0, added: 0 })
}

describe.each(places)('$dialect', ({ newPlace }) => {
  test(
    'READ 1: whatever happened, the tables say what the ledger answers',
    async () => {
      const replay = {
        ...(seed === undefined ? {} : { seed: Number(seed) }),
        ...(path === undefined ? {} : { path }),
      }
      const numRuns = Number(runs ?? RUNS)
      await fc.assert(
        fc.asyncProperty(scripts(), (script) => playAndCompare(script, newPlace)),
        { numRuns, ...replay },
      )
    },
    Number(runs ?? RUNS) * 10_000,
  )
})
