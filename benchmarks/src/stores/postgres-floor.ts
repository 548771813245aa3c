import pg from 'pg'
import type { MeasuredStore } from './measured-store.ts'

const PAGE = 1_000
const CONNECTIONS = 16

/**
 * The driver alone, as durable as ours: prepared inserts of the same row into the same columns with the same indexes, a transaction for
 * each append, on as many connections as there are callers. Its positions come from an identity column, which is unsafe: a reader that
 * remembers the last one skips events that are committed out of order. No checks, no chain.
 */
export async function postgresFloor(connectionString: string): Promise<MeasuredStore> {
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS })
  await pool.query(`create table events (position bigint generated always as identity primary key, stream text collate "C" not null,
    revision bigint not null, id text collate "C" not null, type text collate "C" not null, schema_version bigint not null,
    data text not null, metadata text not null, recorded_at text not null, previous_hash text not null, hash text not null,
    unique (stream, revision), unique (stream, id));
    create index on events (type, position)`)
  const columns = 'stream, revision, id, type, schema_version, data, metadata, recorded_at, previous_hash, hash'
  const types = ['text', 'bigint', 'text', 'text', 'bigint', 'text', 'text', 'text', 'text', 'text']
  const arrays = types.map((type, index) => `$${index + 1}::${type}[]`).join(', ')
  const one = `insert into events (${columns}) values (${types.map((_, index) => `$${index + 1}`).join(', ')})`
  const several = `insert into events (${columns}) select * from unnest(${arrays})`
  const select = `select position, ${columns} from events where`
  const ofStream = `${select} stream = $1 and revision > $2 order by revision limit ${PAGE}`
  const ofAll = `${select} position > $1 order by position limit ${PAGE}`
  const hash = '0'.repeat(64)
  const page = async (name: string, text: string, values: readonly unknown[]) =>
    (await pool.query({ name, text, values: [...values] })).rows

  return {
    async append(stream, events, at) {
      const rows = events.map(({ type, data, metadata }, index) => {
        const text = JSON.stringify(metadata)
        const id = crypto.randomUUID()
        return [stream, at + index, id, type, 1, JSON.stringify(data), text, metadata.recordedAt, hash, hash]
      })
      const [row = []] = rows
      await (rows.length === 1
        ? pool.query({ name: 'one', text: one, values: row })
        : pool.query({ name: 'several', text: several, values: types.map((_, n) => rows.map((each) => each[n])) }))
    },
    async read(stream, apply) {
      for (let rows = await page('stream', ofStream, [stream, -1]); rows.length > 0;) {
        for (const { data } of rows) apply({ data: JSON.parse(data) })
        rows = await page('stream', ofStream, [stream, rows.at(-1).revision])
      }
    },
    async readAll(apply) {
      for (let rows = await page('all', ofAll, [0]); rows.length > 0;) {
        for (const { data } of rows) apply({ data: JSON.parse(data) })
        rows = await page('all', ofAll, [rows.at(-1).position])
      }
    },
    close: () => pool.end(),
  }
}
