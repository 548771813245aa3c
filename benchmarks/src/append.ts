import { DatabaseSync } from 'node:sqlite'
import { randomUUID } from 'node:crypto'
import { GENESIS_HASH, hashEvent } from '@infraledger/core/adapter'
import type { EventStore, EventToAppend } from '@infraledger/core/adapter'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { history } from './history.ts'
import { interleaved, median, milliseconds, timed, times } from './measure.ts'
import type { Row } from './measure.ts'

const SINGLES = 500
const CALLERS = 16

/** Appends at full durability: one caller beside the driver's own insert, and 16 callers beside one transaction after the other. */
export async function append(folder: string): Promise<readonly Row[]> {
  const store = sqliteEventStore({ file: `${folder}/append.db` })
  const raw = rawTable(`${folder}/append-raw.db`)
  let round = 0
  const single = await interleaved(
    7,
    () => appendSingles(store, `environment-s${round++}`, SINGLES),
    () => raw.insert(SINGLES),
  )
  const many: number[] = []
  const unbatched: number[] = []
  for (let turn = 0; turn < 5; turn++) {
    unbatched.push(await timed(() => raw.insert(SINGLES)))
    const each = Math.floor(SINGLES / CALLERS)
    many.push(
      await timed(() =>
        Promise.all(
          Array.from({ length: CALLERS }, (_, caller) => appendSingles(store, `environment-m${turn}-${caller}`, each)),
        ),
      ),
    )
  }
  await store.close()
  raw.close()
  return [
    {
      what: 'append, one caller, one event, synchronous=FULL',
      ours: milliseconds(single.ours / SINGLES),
      beside: `raw insert of the same row: ${milliseconds(single.beside / SINGLES)}`,
      ratio: times(single.ours, single.beside),
      goal: '≤ 1.3×',
    },
    {
      what: 'append, 16 callers on 16 environments, synchronous=FULL',
      ours: `${Math.round((SINGLES / median(many)) * 1_000).toLocaleString('en')} events/s`,
      beside: `raw inserts one after the other: ${Math.round((SINGLES / median(unbatched)) * 1_000).toLocaleString('en')} events/s`,
      ratio: `${(median(unbatched) / median(many)).toFixed(1)}× the rate`,
      goal: '≥ 2× the rate',
    },
  ]
}

async function appendSingles(store: EventStore, stream: string, count: number): Promise<void> {
  let previousHash = GENESIS_HASH
  let revision = -1
  for (const event of prepared(count)) {
    const unchained = { ...event, id: randomUUID(), previousHash }
    previousHash = hashEvent(stream, revision + 1, unchained)
    await store.append(stream, [{ ...unchained, hash: previousHash }], revision < 0 ? 'none' : revision)
    revision++
  }
}

function prepared(count: number): readonly Omit<EventToAppend, 'hash' | 'previousHash'>[] {
  return [...history(count, count + 1)].slice(1).map((event) => ({
    id: event.id,
    type: event.type,
    schemaVersion: 1,
    data: JSON.stringify(event.data),
    metadata: JSON.stringify(event.metadata),
    recordedAt: event.metadata.recordedAt,
  }))
}

/** The floor: the driver's prepared insert of the same row, with the same columns and indexes, a transaction each, equally durable. */
function rawTable(file: string): { insert: (count: number) => void; close: () => void } {
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
    CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT, revision INTEGER, id TEXT, type TEXT, schema_version INTEGER,
      data TEXT, metadata TEXT, recorded_at TEXT, previous_hash TEXT, hash TEXT, UNIQUE (stream, revision), UNIQUE (stream, id));
    CREATE INDEX by_type ON events (type)`)
  const columns = 'stream, revision, id, type, schema_version, data, metadata, recorded_at, previous_hash, hash'
  const statement = database.prepare(`INSERT INTO events (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  let stream = 0
  return {
    insert(count) {
      const name = `environment-raw${stream++}`
      for (const [revision, { type, data, metadata, recordedAt }] of prepared(count).entries()) {
        statement.run(name, revision, randomUUID(), type, 1, data, metadata, recordedAt, GENESIS_HASH, GENESIS_HASH)
      }
    },
    close: () => database.close(),
  }
}
