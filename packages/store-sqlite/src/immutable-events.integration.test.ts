import { DatabaseSync } from 'node:sqlite'
import { assertChained, collect, streamWriter } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { sqliteEventStore } from './sqlite-event-store.ts'
import { temporaryFile } from './temporary-file.fixture.ts'

const insert = `into events
  select position + ?, stream, revision + ?, id || ?, type, schema_version, '"forged"', metadata, recorded_at,
    previous_hash, hash
  from events where position = 2`

it.each([
  ['an update', `update events set data = '"forged"' where position = 2`, []],
  ['a deletion', 'delete from events where position = 2', []],
  ['a deletion of everything', 'delete from events', []],
  ['a replacement by position', `insert or replace ${insert}`, [0, 10, 'x']],
  ['a replacement by revision', `insert or replace ${insert}`, [10, 0, 'x']],
  ['a replacement by id', `insert or replace ${insert}`, [10, 10, '']],
  ['an upsert', `insert ${insert} on conflict do update set data = excluded.data`, [0, 0, '']],
])('STORE 23: %s of an event is refused by the file itself, whatever tool tries', async (_, sql, parameters) => {
  const file = temporaryFile()
  const store = sqliteEventStore({ file })
  await streamWriter('environment-prod').append(store, 3)
  const tool = new DatabaseSync(file)
  expect(() => tool.prepare(sql).run(...parameters)).toThrow(/events are never/)
  tool.close()
  const all = await collect(store.readAll())
  expect(all).toHaveLength(3)
  assertChained(all)
  await store.close()
})
