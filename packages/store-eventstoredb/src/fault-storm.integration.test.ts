import { randomInt } from 'node:crypto'
import { isLedgerError, type EventStore, type RecordedEvent } from '@infraledger/core/adapter'
import { assertChained, assertPositions, collect, streamWriter } from '@infraledger/testkit'
import type { AppendFault, EventStoreDbServer } from '@infraledger/testkit/eventstoredb'
import { expect, it } from 'vitest'
import { openStore, testServer } from './eventstoredb.fixture.ts'

const APPENDS = 15
const WRITERS = 3

type Fault = AppendFault | 'cut' | 'none'

const FAULTS: readonly Fault[] = [
  'connection-lost-before',
  'connection-lost-after',
  'timeout-before',
  'timeout-after',
  'too-busy',
  'cut',
  'none',
]

/** What befalls each append of each writer; a seed repeats it (a multiplicative generator, good enough to choose faults). */
function storm(seed: number): Fault[][] {
  let state = (seed % 2_147_483_646) + 1
  const next = (): Fault => {
    state = (state * 48_271) % 2_147_483_647
    return FAULTS[state % FAULTS.length] ?? 'none'
  }
  return Array.from({ length: WRITERS }, () => Array.from({ length: APPENDS }, next))
}

/** Appends to a stream that others write, too, deciding again on each conflict; answers with the ids that were acknowledged. */
async function write(server: EventStoreDbServer, store: EventStore, faults: readonly Fault[]): Promise<string[]> {
  const acknowledged: string[] = []
  for (const fault of faults) {
    for (let done = false; !done;) {
      const [end] = await collect(store.readStream('shared', { backwards: true, limit: 1 }))
      const events = streamWriter('shared', end).draft(2)
      if (fault === 'cut') server.cutConnections()
      else if (fault !== 'none') server.faults.failNextAppend(fault)
      try {
        await store.append('shared', events, end?.revision ?? 'none')
        acknowledged.push(...events.map(({ id }) => id))
        done = true
      } catch (error) {
        if (!isLedgerError(error, 'append-conflict')) throw error
      }
    }
  }
  return acknowledged
}

async function upTo(events: AsyncIterable<RecordedEvent>, count: number): Promise<RecordedEvent[]> {
  const seen: RecordedEvent[] = []
  for await (const event of events) if (seen.push(event) === count) break
  return seen
}

it('STORE 40: in a storm of faults every append is acknowledged once, is there once, and is followed once', async () => {
  const seed = Number(process.env['INFRALEDGER_SEED'] ?? randomInt(2 ** 31))
  const server = await testServer()
  const total = WRITERS * APPENDS * 2
  const following = upTo(openStore(server).subscribe(), total)
  const acknowledged = await Promise.all(storm(seed).map((each) => write(server, openStore(server), each)))
  const all = await collect(openStore(server).readAll())
  assertChained(all)
  assertPositions('monotonic', all)
  const ids = all.map(({ id }) => id)
  expect(ids.toSorted(), `INFRALEDGER_SEED=${seed}`).toEqual(acknowledged.flat().toSorted())
  expect(
    (await following).map(({ id }) => id),
    `INFRALEDGER_SEED=${seed}`,
  ).toEqual(ids)
}, 60_000)
