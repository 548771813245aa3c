import { openLedger } from '@infraledger/core'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { ENVIRONMENT, history, STREAM, write } from './history.ts'
import { median, milliseconds, timed, times } from './measure.ts'
import type { Row } from './measure.ts'

const ROUNDS = 3

/** Reading a whole environment from its file, beside reading and parsing the same events and doing nothing with them. */
export async function rebuild(folder: string): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const events of [100_000, 1_000_000]) {
    const file = `${folder}/rebuild-${events}.db`
    const store = sqliteEventStore({ file, synchronous: 'normal' })
    await write(store, history(10_000, events))
    await store.close()
    const [ours, beside]: [number[], number[]] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      beside.push(await timed(() => readAndParse(file)))
      ours.push(await timed(() => load(file, false)))
    }
    rows.push({
      what: `rebuild of ${events.toLocaleString('en')} events from SQLite`,
      ours: milliseconds(median(ours)),
      beside: `reading and parsing alone: ${milliseconds(median(beside))}`,
      ratio: times(median(ours), median(beside)),
      goal: '≤ 1.3×',
    })
    if (events !== 100_000) continue
    await load(file, true)
    const cold: number[] = []
    for (let round = 0; round < ROUNDS; round++) cold.push(await timed(() => load(file, true)))
    rows.push({
      what: 'cold start of 100,000 events from a snapshot',
      ours: milliseconds(median(cold)),
      beside: `full replay: ${milliseconds(median(ours))}`,
      ratio: `1/${(median(ours) / median(cold)).toFixed(1)}`,
      goal: '≤ 1/10',
    })
  }
  return rows
}

async function readAndParse(file: string): Promise<void> {
  const store = sqliteEventStore({ file })
  let read = 0
  for await (const event of store.readStream(STREAM)) {
    JSON.parse(event.data)
    JSON.parse(event.metadata)
    read++
  }
  if (read === 0) throw new Error('nothing was read')
  await store.close()
}

/** Opens the environment and asks it something; without snapshots, every event is read. */
async function load(file: string, withSnapshots: boolean): Promise<void> {
  const store = sqliteEventStore({ file })
  const without = { ...store, loadSnapshot: () => Promise.resolve(undefined), saveSnapshot: () => Promise.resolve() }
  const ledger = openLedger({ store: withSnapshots ? store : without })
  const graph = await ledger.environment(ENVIRONMENT).graph()
  if (graph.version === 0) throw new Error('nothing was loaded')
  await ledger.close()
}
