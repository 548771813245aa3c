import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startProjecting } from './child.fixture.ts'
import { contentsOf } from './contents.fixture.ts'
import type { Contents } from './contents.fixture.ts'
import { appendHistory } from './long-history.fixture.ts'
import { placesForTests } from './places.fixture.ts'
import { projectLedger } from './project-ledger.ts'
import { sqliteReadModels } from './sqlite/sqlite-read-models.ts'

const ENVIRONMENTS = ['dev', 'prod', 'staging'] as const
const EVENTS = 2_100
const KILLS = 2

const folder = mkdtempSync(join(tmpdir(), 'infraledger-killed-'))
const storeFile = join(folder, 'infra.db')
let expected: Contents

// A ledger in a file, and what the tables hold after a projection that nobody disturbed.
beforeAll(async () => {
  const store = sqliteEventStore({ file: storeFile, synchronous: 'normal' })
  for (const environment of ENVIRONMENTS) await appendHistory(store, environment, EVENTS)
  const target = sqliteReadModels({ file: join(folder, 'undisturbed.db') })
  const report = { events: EVENTS * ENVIRONMENTS.length, environments: ENVIRONMENTS }
  expect(await projectLedger({ store, target })).toEqual(report)
  await store.close()
  expected = await contentsOf(target)
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(placesForTests())('$dialect', ({ newPlace }) => {
  test('READ 2: a projection that is killed in the middle goes on where it was: nothing is lost, nothing doubled', async () => {
    const place = await newPlace()
    const { target } = place
    const seed = Number(process.env['INFRALEDGER_SEED'] ?? randomInt(1_000))
    let killed = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const child = startProjecting(storeFile, place)
      const closed = once(child, 'close')
      for await (const _ of createInterface(child.stdout)) {
        // Somewhere in the next transaction.
        await sleep((seed * (kill + 1)) % 60)
        child.kill('SIGKILL')
      }
      const [, signal] = await closed
      if (signal === 'SIGKILL') killed++
    }
    expect(killed, `INFRALEDGER_SEED=${seed}`).toBeGreaterThan(0)
    const store = sqliteEventStore({ file: storeFile })
    await projectLedger({ store, target })
    await store.close()
    expect(await contentsOf(target), `INFRALEDGER_SEED=${seed}`).toEqual(expected)
  }, 60_000)

  test('READ 6: workers share the environments; one that dies is replaced, and nothing is lost or doubled', async () => {
    const place = await newPlace()
    const { target } = place
    const workers = ['one', 'two', 'three'].map((name) => startProjecting(storeFile, place, name))
    try {
      const [first] = workers
      if (first === undefined) throw new Error('no worker')
      await Promise.race(workers.map((worker) => once(worker.stdout, 'data')))
      first.kill('SIGKILL')
      await vi.waitFor(
        async () => {
          const { checkpoints } = await contentsOf(target)
          const done = checkpoints.filter(({ revision }) => revision === EVENTS - 1)
          expect(done.map(({ environment }) => environment)).toEqual(ENVIRONMENTS)
        },
        { timeout: 30_000, interval: 200 },
      )
    } finally {
      const living = workers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
      const closed = living.map((worker) => once(worker, 'close'))
      for (const worker of living) worker.kill('SIGKILL')
      await Promise.all(closed)
    }
    expect(await contentsOf(target)).toEqual(expected)
  }, 60_000)
})
