import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { assertChained, assertPositions, collect, randomNumbers } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { said, startChild } from './child.fixture.ts'
import { sqliteEventStore } from './sqlite-event-store.ts'
import { temporaryFile } from './temporary-file.fixture.ts'

/** Kills at random moments; `INFRALEDGER_KILLS` asks for more. */
const KILLS = Math.min(Number(process.env['INFRALEDGER_KILLS'] ?? 10), 2_000)

const MOMENTS = ['begin', 'insert', 'commit'].flatMap((word) => [`before ${word}`, `after ${word}`])
/** Three appends of one, two and three events share a transaction, so these are inserts at its beginning, middle and end. */
const NUMBERS = [1, 4, 14]

/** A line that the kill cut off is no acknowledgement. */
const whole = (ids: readonly string[]): string[] => ids.filter((id) => id.length === 36)

/**
 * Lets a child append until so many ids are acknowledged, kills it a moment later, and answers with all that it
 * acknowledged.
 */
async function appendAndKill(
  file: string,
  characters: number,
  acknowledgements: number,
  laterMs: number,
): Promise<string[]> {
  const child = startChild('append-until-killed.fixture.ts', file, String(characters))
  const closed = once(child, 'close')
  const ids: string[] = []
  for await (const id of createInterface(child.stdout)) {
    ids.push(id)
    if (ids.length === acknowledgements) void sleep(laterMs).then(() => child.kill('SIGKILL'))
  }
  await closed
  return whole(ids)
}

/** Opens the file after a death: all that was ever acknowledged is there, and of the rest whole appends. */
async function assertSurvived(file: string, acknowledged: ReadonlySet<string>, death: string): Promise<number> {
  const store = sqliteEventStore({ file })
  const all = await collect(store.readAll())
  await store.close()
  const held = new Set(all.map(({ id }) => id))
  const lost = [...acknowledged].filter((id) => !held.has(id))
  expect(lost, `lost after ${death}`).toEqual([])
  assertChained(all)
  assertPositions('dense', all)
  for (const caller of [1, 2, 3]) {
    const events = all.filter(({ stream }) => stream === `environment-${caller}`)
    expect(events.length % caller, `half an append after ${death}`).toBe(0)
  }
  return all.length - acknowledged.size
}

it('STORE 22: what was acknowledged is there after the process was killed before or after any statement, and nothing in half', async () => {
  const files = [temporaryFile(), temporaryFile()]
  const deaths = MOMENTS.flatMap((moment) => NUMBERS.map((number) => [moment, String(number)] as const)).values()
  const kill = async (file: string): Promise<void> => {
    const acknowledged = new Set<string>()
    for (const [moment, number] of deaths) {
      const child = startChild('append-until-killed.fixture.ts', file, '10', moment, number)
      const closed = once(child, 'close')
      for (const id of whole(await said(child))) acknowledged.add(id)
      expect(await closed).toEqual([null, 'SIGKILL'])
      await assertSurvived(file, acknowledged, `death ${moment} ${number}`)
    }
  }
  await Promise.all(files.map(kill))
}, 300_000)

it('STORE 22: nor does it matter at which moment it was killed, in the middle of a commit for one', async () => {
  const seed = Number(process.env['INFRALEDGER_SEED'] ?? randomInt(2 ** 31))
  const random = randomNumbers(seed)
  const file = temporaryFile()
  const acknowledged = new Set<string>()
  let unanswered = 0
  for (let kill = 1; kill <= KILLS; kill++) {
    // Large events, whose commits take a while.
    const characters = random() < 0.5 ? 100 : 40_000
    const ids = await appendAndKill(file, characters, 1 + Math.floor(random() * 40), random() * 6)
    for (const id of ids) acknowledged.add(id)
    const beyond = await assertSurvived(file, acknowledged, `kill ${kill}; INFRALEDGER_SEED=${seed}`)
    if (beyond > unanswered) unanswered = beyond
  }
  process.stdout.write(`kills at random moments: ${KILLS}; ${unanswered} events written whose answer was lost\n`)
}, 1_800_000)
