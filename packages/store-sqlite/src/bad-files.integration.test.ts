import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { assertChained, collect, refused, streamWriter } from '@infraledger/testkit'
import { describe, expect, it } from 'vitest'
import { APPLICATION_ID } from './schema.ts'
import { sqliteEventStore } from './sqlite-event-store.ts'
import { temporaryFile } from './temporary-file.fixture.ts'

const database = (file: string, sql: string): void => {
  const connection = new DatabaseSync(file)
  connection.exec(sql)
  connection.close()
}

const open = async (file: string): Promise<void> => sqliteEventStore({ file }).close()

/** A closed store of some hundred pages. */
async function filledFile(): Promise<string> {
  const file = temporaryFile()
  const store = sqliteEventStore({ file, synchronous: 'normal' })
  const writer = streamWriter('environment-prod')
  for (let round = 0; round < 10; round++) await writer.append(store, 100)
  await store.close()
  return file
}

describe('a file that is not ours', () => {
  const foreign: Record<string, (file: string) => void> = {
    'a text': (file) => writeFileSync(file, 'a shopping list, longer than the header of a database: '.repeat(20)),
    'a short text': (file) => writeFileSync(file, 'x'),
    'a SQLite database of another application': (file) =>
      database(file, 'create table orders (id); insert into orders values (1)'),
    'such a database with a write-ahead log': (file) =>
      database(file, 'pragma journal_mode = wal; create table orders (id)'),
    'a database marked by another application': (file) =>
      database(file, 'pragma application_id = 7; create table events (id)'),
  }
  it.each(Object.keys(foreign))('STORE 18: %s is refused and left as it is', async (what) => {
    const file = temporaryFile()
    foreign[what]?.(file)
    const before = readFileSync(file)
    const error = await refused('store-foreign', () => open(file), { store: 'sqlite:infra.db' })
    expect(error.message).toContain('infra.db is not a ledger')
    expect(error.message).not.toContain(dirname(file))
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(readdirSync(dirname(file))).toEqual(['infra.db'])
  })

  it('STORE 18: a database that another application has open, or left when it died, is left as it is', async () => {
    const file = temporaryFile()
    const connection = new DatabaseSync(file)
    connection.exec('pragma journal_mode = wal; create table orders (id); insert into orders values (1)')
    const left = temporaryFile()
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, left + suffix)
    for (const each of [file, left]) {
      const before = ['', '-wal'].map((suffix) => readFileSync(each + suffix))
      await refused('store-foreign', () => open(each))
      expect(['', '-wal'].map((suffix) => readFileSync(each + suffix))).toEqual(before)
    }
    connection.close()
  })

  it('STORE 18: a folder is refused', async () => {
    const folder = temporaryFile()
    mkdirSync(folder)
    await refused('store-foreign', () => open(folder))
  })

  it('STORE 18: a connection to a foreign database is refused and left as it is', async () => {
    const connection = new DatabaseSync(':memory:')
    connection.exec('create table orders (id)')
    await refused('store-foreign', async () => sqliteEventStore({ database: connection }))
    expect(connection.prepare('select name from sqlite_schema').all()).toHaveLength(1)
  })
})

describe('a damaged file', () => {
  const cuts = {
    'in its header': 60,
    'behind its header': 4_096,
    'in the middle of a page': 100_000,
    'in its last page': -1,
  }
  it.each(Object.entries(cuts))('STORE 18: a file cut off %s is refused', async (_, size) => {
    const file = await filledFile()
    truncateSync(file, size < 0 ? readFileSync(file).length + size : size)
    const error = await refused('store-damaged', () => open(file), { store: 'sqlite:infra.db' })
    expect(error.message).toContain('backup')
  })

  it('STORE 18: a page that is overwritten is met as store-damaged when it is read', async () => {
    const file = await filledFile()
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.fill(0xa5, bytes.length - 40 * 4_096))
    const store = sqliteEventStore({ file })
    await refused('store-damaged', () => collect(store.readAll()))
    await store.close()
  })

  it('STORE 18: a file that was separated from the log of a process that died is refused, until the log is back', async () => {
    const file = await filledFile()
    const store = sqliteEventStore({ file })
    await streamWriter('environment-staging').append(store, 3)
    // What is there beside a process that dies now, copied without its log.
    const copy = temporaryFile()
    for (const suffix of ['', '-shm']) copyFileSync(file + suffix, copy + suffix)
    for (const _ of ['first', 'again']) {
      const error = await refused('store-damaged', () => open(copy))
      expect(error.details.problem).toContain('-wal')
    }
    expect(readdirSync(dirname(copy)).toSorted()).toEqual(['infra.db', 'infra.db-shm'])
    copyFileSync(`${file}-wal`, `${copy}-wal`)
    await store.close()
    const whole = sqliteEventStore({ file: copy })
    expect(await collect(whole.readStream('environment-staging'))).toHaveLength(3)
    await whole.close()
  })

  it('STORE 18: a file of ours without its tables is refused', async () => {
    const file = temporaryFile()
    database(file, `pragma application_id = ${APPLICATION_ID}; pragma user_version = 1`)
    await refused('store-damaged', () => open(file))
  })

  it('STORE 18: a file of ours whose triggers were removed is refused: its events may be changed', async () => {
    const file = await filledFile()
    database(file, 'drop trigger events_are_not_updated')
    const error = await refused('store-damaged', () => open(file))
    expect(error.details.problem).toContain('events_are_not_updated')
  })
})

describe('a file of another time', () => {
  it('STORE 18: a file of a newer version is refused with both versions', async () => {
    const file = await filledFile()
    database(file, 'pragma user_version = 99')
    const error = await refused('store-newer-than-library', () => open(file), { version: 99, supported: 1 })
    expect(error.message).toContain('Update the package')
  })

  it('STORE 18: an empty file becomes a store', async () => {
    const file = temporaryFile()
    writeFileSync(file, '')
    const store = sqliteEventStore({ file })
    await streamWriter('environment-prod').append(store, 1)
    await store.close()
  })
})

describe('a file out of reach', () => {
  it('STORE 18: a missing folder is reported, not made', async () => {
    const file = join(dirname(temporaryFile()), 'missing', 'infra.db')
    const error = await refused('store-unavailable', () => open(file), { appended: 'no' })
    expect(error.message).toContain('folder')
    expect(existsSync(dirname(file))).toBe(false)
  })

  it('STORE 18: a path that cannot be is reported without its folders', async () => {
    const file = temporaryFile('x'.repeat(300))
    const error = await refused('store-unavailable', () => open(file), { appended: 'no' })
    expect(error.message).toContain('ENAMETOOLONG')
    expect(error.message).not.toContain(dirname(file))
  })

  it('STORE 18: opened read-only, a missing file is reported, not made', async () => {
    const file = temporaryFile()
    await refused('store-unavailable', async () => sqliteEventStore({ file, readOnly: true }))
    expect(existsSync(file)).toBe(false)
  })

  it('opened read-only, a store is read and followed but not written', async () => {
    const file = await filledFile()
    const store = sqliteEventStore({ file, readOnly: true })
    const events = await collect(store.readAll())
    assertChained(events)
    const writer = streamWriter('environment-other')
    await refused('store-unavailable', () => writer.append(store, 1), { appended: 'no' })
    const snapshot = { stream: 'environment-prod', revision: 0, hash: '', foldVersion: 1, state: '' }
    await refused('store-unavailable', () => store.saveSnapshot(snapshot))
    await store.close()
  })
})
