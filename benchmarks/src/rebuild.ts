import { DatabaseSync } from 'node:sqlite'
import { openLedger } from '@infraledger/core'
import type { SnapshotPolicy } from '@infraledger/core'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { ENVIRONMENT, history, STREAM, write } from './history.ts'
import { aim, inTurns, milliseconds, times } from './measure.ts'
import type { Row } from './measure.ts'

const PAGE = 1_000
const KEPT: SnapshotPolicy = { everyEvents: 5_000 }

/** Reading a whole environment from its file, beside reading and parsing the same events and doing nothing with them. */
export async function rebuild(folder: string): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const { events, rounds } of [
    { events: 100_000, rounds: 7 },
    { events: 1_000_000, rounds: 3 },
  ]) {
    const file = `${folder}/rebuild-${events}.db`
    const store = sqliteEventStore({ file, synchronous: 'normal' })
    await write(store, history(10_000, events))
    await store.close()
    await load(file, KEPT)
    const { floor, replay, cold } = await inTurns(rounds, {
      floor: () => readAndParse(file),
      replay: () => load(file, 'off'),
      cold: () => load(file, KEPT),
    })
    rows.push({
      what: `rebuild of ${events.toLocaleString('en')} events from SQLite`,
      ours: milliseconds(replay),
      beside: `the driver’s pages and JSON.parse: ${milliseconds(floor)}`,
      ratio: times(replay, floor),
      goal: aim('≤ 1.3×', replay / floor <= 1.3),
      milliseconds: { ours: replay, beside: floor },
    })
    rows.push({
      what: `cold start of ${events.toLocaleString('en')} events from a snapshot`,
      ours: milliseconds(cold),
      beside: `full replay: ${milliseconds(replay)}`,
      ratio: `1/${(replay / cold).toFixed(1)}`,
      goal: aim('≤ 1/10', replay / cold >= 10),
      milliseconds: { ours: cold, beside: replay },
    })
  }
  return rows
}

/** The floor: pages behind the last key, as the driver gives them, and both texts of each event parsed. */
function readAndParse(file: string): void {
  const database = new DatabaseSync(file)
  const columns =
    'position, stream, revision, id, type, schema_version, data, metadata, recorded_at, previous_hash, hash'
  const page = database.prepare(
    `select ${columns} from events where stream = ? and revision > ? order by revision limit ${PAGE}`,
  )
  for (let rows = page.all(STREAM, -1); rows.length > 0;) {
    for (const { data, metadata } of rows) {
      JSON.parse(String(data))
      JSON.parse(String(metadata))
    }
    rows = page.all(STREAM, Number(rows.at(-1)?.['revision']))
  }
  database.close()
}

/** Opens the environment and asks it something. */
async function load(file: string, snapshots: SnapshotPolicy): Promise<void> {
  const ledger = openLedger({ store: sqliteEventStore({ file }), snapshots })
  const graph = await ledger.environment(ENVIRONMENT).graph()
  if (graph.version === 0) throw new Error('nothing was loaded')
  await ledger.close()
}
