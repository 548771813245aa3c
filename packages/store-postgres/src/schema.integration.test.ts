import { collect, refused, streamWriter } from '@infraledger/testkit'
import { startPostgres, type TestPostgres } from '@infraledger/testkit/postgresql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresEventStore } from './postgres-event-store.ts'
import { serverProblem } from './schema-check.ts'
import { SCHEMA_VERSION } from './schema.ts'
import { freshStore, onClient } from './store.fixture.ts'

let server: TestPostgres
let url: string
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
  url = await server.databaseUrl()
})
afterAll(() => server.stop())

const execute = (sql: string, at = url) => onClient(at, (client) => client.query(sql))

describe('a database that is refused', () => {
  test('STORE 18: one without our tables is no ledger, says how to make it one, and is left as it is', async () => {
    const store = postgresEventStore({ connectionString: url, schema: 'missing' })
    const error = await refused('store-foreign', () => collect(store.readAll()))
    expect(error.message).toContain('Run migrate() once')
    const append = () => streamWriter('environment-prod').append(store, 1)
    await refused('store-foreign', append)
    const { rows } = await execute(`select from pg_namespace where nspname = 'missing'`)
    expect(rows).toEqual([])
    await store.migrate()
    await append()
    await store.close()
  })

  test('STORE 18: a schema with tables of somebody else under our names is left as it is', async () => {
    await execute('create schema theirs; create table theirs.events (id integer)')
    const store = postgresEventStore({ connectionString: url, schema: 'theirs' })
    await refused('store-foreign', () => store.migrate())
    const { rows } = await execute(`select relname from pg_class where relnamespace = 'theirs'::regnamespace`)
    expect(rows).toEqual([{ relname: 'events' }])
    await store.close()
  })

  test('STORE 18: a newer schema is for a newer library, also for migrate()', async () => {
    const { store, schema } = await freshStore(url)
    await execute(`insert into ${schema}.schema_versions values (${SCHEMA_VERSION + 1})`)
    const other = postgresEventStore({ connectionString: url, schema })
    const details = { version: SCHEMA_VERSION + 1, supported: SCHEMA_VERSION }
    await refused('store-newer-than-library', () => collect(other.readAll()), details)
    await refused('store-newer-than-library', () => other.migrate(), details)
    await Promise.all([store.close(), other.close()])
  })

  test.each([
    ['a trigger', (schema: string) => `drop trigger events_are_kept on ${schema}.events`, 'events_are_kept'],
    ['an enabled trigger', (schema: string) => `alter table ${schema}.events disable trigger all`, 'events_are_kept'],
    ['a function', (schema: string) => `drop function ${schema}.append_events`, 'append_events'],
    ['the counter', (schema: string) => `update ${schema}.head set position = 0`, 'behind the counter'],
  ])('STORE 18: a schema that lacks %s is damaged', async (_, sql, named) => {
    const { store, schema } = await freshStore(url)
    await streamWriter('environment-prod').append(store, 2)
    await execute(sql(schema))
    const other = postgresEventStore({ connectionString: url, schema })
    const error = await refused('store-damaged', () => collect(other.readAll()))
    expect(error.message).toContain(named)
    await Promise.all([store.close(), other.close()])
  })

  test('STORE 18: a database of another encoding is refused before anything is made', async () => {
    const latin = new URL(url)
    latin.pathname = 'latin'
    await execute(`create database latin template template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'`)
    const store = postgresEventStore({ connectionString: latin.href })
    const error = await refused('store-foreign', () => store.migrate())
    expect(error.message).toContain('SQL_ASCII')
    await store.close()
    await execute('drop database latin')
  })

  test('STORE 18: a server that is too old is named', () => {
    expect(serverProblem(130_014, '13.14', 'UTF8')).toContain('PostgreSQL 13.14')
    expect(serverProblem(140_000, '14.0', 'UTF8')).toBeUndefined()
  })

  test('STORE 18: text that could be SQL is no name of a schema', () => {
    for (const schema of ['x"; drop table y', 'Upper', 'pg_catalog', '', 'a'.repeat(64)])
      expect(() => postgresEventStore({ connectionString: url, schema })).toThrow('schema')
  })
})

describe('migrate', () => {
  test('STORE 35: several at once make one schema, and say what they did', async () => {
    const stores = Array.from({ length: 5 }, () => postgresEventStore({ connectionString: url, schema: 'at_once' }))
    const results = await Promise.all(stores.map((store) => store.migrate()))
    expect(results.filter(({ from }) => from === 0)).toHaveLength(1)
    expect(new Set(results.map(({ to }) => to))).toEqual(new Set([SCHEMA_VERSION]))
    await Promise.all(stores.map((store) => store.close()))
  })

  test('STORE 35: needs no superuser, only the right to make a schema', async () => {
    const own = await server.databaseUrl()
    const { username } = await role('owner', `grant create on database ${new URL(own).pathname.slice(1)} to owner`)
    const store = postgresEventStore({ connectionString: as(own, username), schema: 'plain' })
    await store.migrate()
    await streamWriter('environment-prod').append(store, 1)
    await store.close()
  })
})

describe('what is kept', () => {
  test('STORE 23: events are not changed or removed, not even by a superuser who says to be replicating', async () => {
    const { store, schema } = await freshStore(url)
    await streamWriter('environment-prod').append(store, 2)
    for (const sql of [
      `update ${schema}.events set data = '{}'`,
      `delete from ${schema}.events where position = 1`,
      `truncate ${schema}.events`,
      `set session_replication_role = replica; delete from ${schema}.events`,
    ])
      await expect(execute(sql)).rejects.toThrow('never changed or removed')
    expect(await collect(store.readAll())).toHaveLength(2)
    await store.close()
  })

  test('STORE 34: a writer appends and saves snapshots, and may do nothing else to the tables', async () => {
    const { store: owner, schema } = await freshStore(url)
    const { username } = await role('writer')
    const store = postgresEventStore({ connectionString: as(url, username), schema })
    const denied = await refused('store-unavailable', () => collect(store.readAll()))
    expect(denied.message).toContain('grantWriter')
    await owner.grantWriter(username)
    const prod = streamWriter('environment-prod')
    await prod.append(store, 2)
    await store.saveSnapshot({ stream: 'environment-prod', revision: 1, hash: 'a', foldVersion: 1, state: '{}' })
    expect(await collect(store.readStream('environment-prod'))).toHaveLength(2)
    expect(await collect(store.readAll({ types: ['ThingHappened'] }))).toBeDefined()
    for (const sql of [
      `insert into ${schema}.events select * from ${schema}.events`,
      `update ${schema}.head set position = 0`,
      `update ${schema}.snapshots set state = ''`,
      `delete from ${schema}.events`,
      `truncate ${schema}.events`,
      `alter table ${schema}.events disable trigger all`,
      `insert into ${schema}.schema_versions values (7)`,
      `create function ${schema}.f() returns int language sql as 'select 1'`,
    ])
      await expect(execute(sql, as(url, username)), sql).rejects.toThrow(/permission denied|must be owner/)
    await Promise.all([store.close(), owner.close()])
  })

  test('STORE 34: what a writer puts in the place of an operator is not run by the owner', async () => {
    const { store: owner, schema } = await freshStore(url)
    const { username } = await role('trickster', 'create schema tricks authorization trickster')
    await owner.grantWriter(username)
    const trick = `
      create function tricks.plus(bigint, integer) returns bigint language plpgsql as $$
        begin raise exception 'tricked'; end $$;
      create operator tricks.+ (leftarg = bigint, rightarg = integer, function = tricks.plus);
      alter role trickster set search_path = tricks, pg_catalog`
    await execute(trick, as(url, username))
    const store = postgresEventStore({ connectionString: as(url, username), schema })
    await expect(execute('select 1::bigint + 1', as(url, username))).rejects.toThrow('tricked')
    await streamWriter('environment-prod').append(store, 1)
    expect(await collect(store.readAll())).toHaveLength(1)
    await Promise.all([store.close(), owner.close()])
  })

  test('STORE 34: a reader reads, and may not append', async () => {
    const { store: owner, schema } = await freshStore(url)
    const { username } = await role('reader')
    await owner.grantReader(username)
    await streamWriter('environment-prod').append(owner, 1)
    const store = postgresEventStore({ connectionString: as(url, username), schema })
    expect(await collect(store.readAll())).toHaveLength(1)
    const append = () => streamWriter('environment-dev').append(store, 1)
    const error = await refused('store-unavailable', append, { appended: 'no' })
    expect(error.retryable).toBe(false)
    await Promise.all([store.close(), owner.close()])
  })
})

const PASSWORD = 'for-tests-only'

/** Makes a role that may log in, and nothing else. */
async function role(name: string, further = 'select 1'): Promise<{ username: string }> {
  const made = `if not exists (select from pg_roles where rolname = '${name}') then create role ${name} login password '${PASSWORD}'; end if;`
  await execute(`do $$ begin ${made} end $$; ${further}`)
  return { username: name }
}

function as(at: string, username: string): string {
  const other = new URL(at)
  other.username = username
  other.password = PASSWORD
  return other.href
}
