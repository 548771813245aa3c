import { DatabaseSync } from 'node:sqlite'
import type { MeasuredStore } from './measured-store.ts'

const PAGE = 1_000

/**
 * The driver alone, as durable as ours: prepared inserts of the same row into the same columns with the same indexes, a transaction for
 * each append; reads in pages behind the last key. No checks, no chain.
 */
export function sqliteFloor(file: string): MeasuredStore {
  const database = new DatabaseSync(file)
  database.exec(`pragma journal_mode = wal; pragma synchronous = full;
    create table events (position integer primary key, stream text, revision integer, id text, type text, schema_version integer,
      data text, metadata text, recorded_at text, previous_hash text, hash text, unique (stream, revision), unique (stream, id));
    create index by_type on events (type)`)
  const columns = 'stream, revision, id, type, schema_version, data, metadata, recorded_at, previous_hash, hash'
  const insert = database.prepare(`insert into events (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const [begin, commit] = [database.prepare('begin immediate'), database.prepare('commit')]
  const page = (where: string) =>
    database.prepare(`select position, ${columns} from events where ${where} limit ${PAGE}`)
  const ofStream = page('stream = ? and revision > ? order by revision')
  const ofAll = page('position > ? order by position')
  const hash = '0'.repeat(64)

  return {
    async append(stream, events, at) {
      if (events.length > 1) begin.run()
      for (const [index, { type, data, metadata }] of events.entries()) {
        const [id, revision] = [crypto.randomUUID(), at + index]
        const text = JSON.stringify(metadata)
        insert.run(stream, revision, id, type, 1, JSON.stringify(data), text, metadata.recordedAt, hash, hash)
      }
      if (events.length > 1) commit.run()
    },
    async read(stream, apply) {
      for (let rows = ofStream.all(stream, -1); rows.length > 0;) {
        for (const row of rows) apply({ data: JSON.parse(String(row['data'])) })
        rows = ofStream.all(stream, Number(rows.at(-1)?.['revision']))
      }
    },
    async readAll(apply) {
      for (let rows = ofAll.all(0); rows.length > 0;) {
        for (const row of rows) apply({ data: JSON.parse(String(row['data'])) })
        rows = ofAll.all(Number(rows.at(-1)?.['position']))
      }
    },
    async close() {
      database.close()
    },
  }
}
