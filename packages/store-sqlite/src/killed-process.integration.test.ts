import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { assertChained, assertPositions, collect } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { startChild } from './child.fixture.ts'
import { randomNumbers } from './random-numbers.fixture.ts'
import { sqliteEventStore } from './sqlite-event-store.ts'
import { temporaryFile } from './temporary-file.fixture.ts'

const KILLS = 10

/**
 * Lets a child append until so many ids are acknowledged, kills it a moment later, and answers with all that it
 * acknowledged.
 */
async function appendAndKill(file: string, acknowledgements: number, laterMs: number): Promise<string[]> {
  const child = startChild('append-until-killed.fixture.ts', file)
  const closed = once(child, 'close')
  const ids: string[] = []
  for await (const id of createInterface(child.stdout)) {
    ids.push(id)
    if (ids.length === acknowledgements) void sleep(laterMs).then(() => child.kill('SIGKILL'))
  }
  await closed
  // A line that the kill cut off is no acknowledgement.
  return ids.filter((id) => id.length === 36)
}

it('STORE 22: what was acknowledged is there after the process was killed, and nothing is there in half', async () => {
  const seed = Number(process.env['INFRALEDGER_SEED'] ?? randomInt(2 ** 31))
  const random = randomNumbers(seed)
  const file = temporaryFile()
  const acknowledged = new Set<string>()
  for (let kill = 1; kill <= KILLS; kill++) {
    const ids = await appendAndKill(file, 1 + Math.floor(random() * 60), random() * 4)
    for (const id of ids) acknowledged.add(id)

    const store = sqliteEventStore({ file })
    const all = await collect(store.readAll())
    const held = new Set(all.map(({ id }) => id))
    const lost = [...acknowledged].filter((id) => !held.has(id))
    expect(lost, `lost after kill ${kill}; INFRALEDGER_SEED=${seed}`).toEqual([])
    assertChained(all)
    assertPositions('dense', all)
    for (const caller of [1, 2, 3]) {
      const events = all.filter(({ stream }) => stream === `environment-${caller}`)
      expect(events.length % caller, `half an append; INFRALEDGER_SEED=${seed}`).toBe(0)
    }
    await store.close()
  }
}, 60_000)
