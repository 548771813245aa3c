import { once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RecordedEvent } from '@infraledger/core/adapter'
import { assertChained, assertPositions, collect, refused, streamWriter } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { ended, startChild } from './child.fixture.ts'
import { connect } from './connection.ts'
import { nextMigrations, REBUILDING } from './next-migrations.fixture.ts'
import { reading } from './reading.ts'
import { MIGRATIONS } from './schema.ts'
import { sqliteEventStore } from './sqlite-event-store.ts'
import { temporaryFile } from './temporary-file.fixture.ts'
import { makeVersion1File } from './version-1.fixture.ts'

const NEXT = MIGRATIONS.length + 1

function version1File(): string {
  const file = temporaryFile()
  makeVersion1File(file)
  return file
}

/** What a file holds, looked at without the library. */
function lookInto(file: string): { version: unknown; events: number; runs: number } {
  const database = new DatabaseSync(file, { readOnly: true })
  const count = (table: string): number => Number(database.prepare(`select count(*) as n from ${table}`).get()?.['n'])
  const there = database.prepare("select count(*) as n from sqlite_schema where name = 'migrations_run'").get()?.['n']
  const version = database.prepare('pragma user_version').get()?.['user_version']
  const found = { version, events: count('events'), runs: there === 1 ? count('migrations_run') : 0 }
  database.close()
  return found
}

/** The events of a file, opened with these migrations. */
function eventsOf(file: string, migrations = MIGRATIONS): readonly RecordedEvent[] {
  const { database, close } = connect({ file }, 1_000, migrations)
  const { events } = reading(database).all(1_000, 0n, 1_000n)
  close()
  return events
}

it('STORE 27: a file as version 1 wrote it is read and goes on, byte for byte', async () => {
  const file = version1File()
  const store = sqliteEventStore({ file })
  const events = await collect(store.readAll())
  expect(events.map(({ data }) => data)).toEqual(['{"name":"prod"}', '{ "subject" : "é🙂" }', '{}', '1.00'])
  assertChained(events)
  expect(await store.loadSnapshot('environment-prod')).toMatchObject({ revision: 1, state: '{}' })
  const [end] = await collect(store.readStream('environment-prod', { backwards: true, limit: 1 }))
  expect(await streamWriter('environment-prod', end).append(store, 2)).toMatchObject({ lastPosition: 6n })
  await store.close()
  expect(lookInto(file).version).toBe(MIGRATIONS.length)
})

it('STORE 27: an older file is taken forward when it is opened, once, with its events as they were', () => {
  const file = version1File()
  const before = eventsOf(file)
  for (const _ of ['first', 'again']) expect(eventsOf(file, nextMigrations())).toEqual(before)
  expect(lookInto(file)).toEqual({ version: NEXT, events: 4, runs: 1 })
})

it('STORE 27: a new file is made by all steps', () => {
  const file = temporaryFile()
  expect(eventsOf(file, nextMigrations())).toEqual([])
  expect(lookInto(file)).toEqual({ version: NEXT, events: 0, runs: 1 })
})

it('STORE 27, STORE 18: a file that was taken forward is refused by the library of before', async () => {
  const file = version1File()
  eventsOf(file, nextMigrations())
  await refused('store-newer-than-library', async () => sqliteEventStore({ file }), { version: NEXT })
})

it('STORE 27: several processes that open an older file at once all get it, and one takes it forward', async () => {
  const file = version1File()
  await Promise.all([1, 2, 3, 4].map(() => ended(startChild('migrate-file.fixture.ts', file))))
  expect(lookInto(file)).toEqual({ version: NEXT, events: 4, runs: 1 })
})

it('STORE 27: a step that fails leaves the old file, which the library of before goes on with', async () => {
  const file = version1File()
  const statements = [...REBUILDING, 'insert into nowhere values (1)']
  await refused('store-damaged', async () => eventsOf(file, nextMigrations(statements)))
  expect(lookInto(file)).toEqual({ version: MIGRATIONS.length, events: 4, runs: 0 })
  assertChained(eventsOf(file))
})

it('STORE 27: a process that is killed before any statement of a step leaves the old file whole', async () => {
  for (const death of REBUILDING.keys()) {
    const file = version1File()
    const child = startChild('migrate-file.fixture.ts', file, String(death + 1))
    expect(await once(child, 'close')).toEqual([null, 'SIGKILL'])
    expect(lookInto(file)).toEqual({ version: MIGRATIONS.length, events: 4, runs: 0 })
    assertChained(eventsOf(file))
    assertChained(eventsOf(file, nextMigrations()))
  }
})

it('STORE 27: one that is killed at any moment leaves the old file or the new one', async () => {
  const file = temporaryFile()
  const store = sqliteEventStore({ file, synchronous: 'normal' })
  const prod = streamWriter('environment-prod')
  for (let append = 0; append < 10; append++) await prod.append(store, 900)
  await store.close()
  for (let kill = 0; kill < 6; kill++) {
    const child = startChild('migrate-file.fixture.ts', file)
    const closed = once(child, 'close')
    await once(child.stdout, 'data')
    await sleep(kill * 15)
    child.kill('SIGKILL')
    await closed
    const { version, events, runs } = lookInto(file)
    expect([events, runs]).toEqual([9_000, version === NEXT ? 1 : 0])
    if (version === NEXT) break
    expect(version).toBe(MIGRATIONS.length)
  }
  await ended(startChild('migrate-file.fixture.ts', file))
  expect(lookInto(file)).toEqual({ version: NEXT, events: 9_000, runs: 1 })
  assertPositions('dense', eventsOf(file, nextMigrations()))
})

it('STORE 27: opened read-only, an older file is refused and left as it is', async () => {
  const file = version1File()
  const open = async (): Promise<unknown> => connect({ file, readOnly: true }, 1_000, nextMigrations())
  const error = await refused('store-unavailable', open, { appended: 'no' })
  expect(error.message).toContain('without readOnly')
  expect(lookInto(file).version).toBe(MIGRATIONS.length)
})

it('STORE 27: an older file that another tool took a trigger from is refused before it is taken forward', async () => {
  const file = version1File()
  const database = new DatabaseSync(file)
  database.exec('drop trigger events_are_not_deleted')
  database.close()
  const error = await refused('store-damaged', async () => eventsOf(file, nextMigrations()))
  expect(error.details.problem).toContain('events_are_not_deleted')
  expect(lookInto(file).version).toBe(MIGRATIONS.length)
})

it('STORE 27: a process that had the file open when it was taken forward is told so, and has written nothing', async () => {
  const file = version1File()
  const store = sqliteEventStore({ file })
  const prod = streamWriter('environment-staging')
  await prod.append(store, 1)
  eventsOf(file, nextMigrations())
  await refused('store-newer-than-library', () => prod.append(store, 1), {
    version: NEXT,
    supported: MIGRATIONS.length,
  })
  expect(await collect(store.readStream('environment-staging'))).toHaveLength(1)
  await store.close()
})
