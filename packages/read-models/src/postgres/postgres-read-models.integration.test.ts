import { inMemoryEventStore } from '@infraledger/core'
import type { EventStore } from '@infraledger/core'
import { startPostgres } from '@infraledger/testkit/postgresql'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { contentsOf } from '../contents.fixture.ts'
import { appendHistory } from '../long-history.fixture.ts'
import { projectLedger } from '../project-ledger.ts'
import { rebuildReadModels } from '../rebuild-read-models.ts'
import { PROJECTION_VERSION, tableNames, tableOf } from '../tables/catalogue.ts'
import { views } from '../tables/views.ts'
import { postgresReadModels } from './postgres-read-models.ts'

let server: Awaited<ReturnType<typeof startPostgres>>
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
}, 60_000)
afterAll(() => server.stop(), 60_000)

/** A connection of somebody who reads, and the read models that they read. */
async function readerAndTarget() {
  const connectionString = await server.databaseUrl('reader')
  const pool = new pg.Pool({ connectionString, max: 4 })
  onTestFinished(() => pool.end())
  return { pool, connectionString, target: postgresReadModels({ connectionString }) }
}

async function store(): Promise<EventStore> {
  const made = inMemoryEventStore()
  await appendHistory(made, 'prod', 400)
  return made
}

/** A role that may read the tables, as a BI tool has one. */
async function grantToReader(pool: pg.Pool): Promise<string> {
  const role = `bi_${Math.random().toString(36).slice(2)}`
  await pool.query(`create role ${role}`)
  onTestFinished(async () => {
    await pool.query(`drop owned by ${role}`)
    await pool.query(`drop role ${role}`)
  })
  await pool.query(`grant usage on schema infraledger to ${role}`)
  await pool.query(`grant select on infraledger.nodes, infraledger.current_nodes to ${role}`)
  return role
}

test('READ 9: every table, view and column has its comment', async () => {
  const { pool, target } = await readerAndTarget()
  await projectLedger({ store: await store(), target })
  const { rows } = await pool.query(
    `select c.relname as name, obj_description(c.oid, 'pg_class') as comment, c.relkind as kind,
       (select json_object_agg(a.attname, col_description(c.oid, a.attnum)) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as columns
     from pg_class c where c.relnamespace = 'infraledger'::regnamespace and c.relkind in ('r', 'v')`,
  )
  const found = new Map(rows.map((row: { name: string; comment: string; columns: object }) => [row.name, row]))
  for (const name of tableNames) {
    const { comment, columns } = tableOf(name)
    const comments = Object.fromEntries(Object.entries(columns).map(([column, { comment: about }]) => [column, about]))
    expect(found.get(name)).toMatchObject({ comment, columns: comments })
  }
  for (const { name, comment } of views) expect(found.get(name)).toMatchObject({ comment })
})

describe('READ 4: a rebuild', () => {
  test('keeps the rights on the tables and the views that others made, and whoever reads goes on with what they began with', async () => {
    const { pool, target } = await readerAndTarget()
    const source = await store()
    await projectLedger({ store: source, target })
    const role = await grantToReader(pool)
    await pool.query('create view bi_nodes as select node_id, actor from infraledger.nodes')
    await pool.query(`update infraledger.nodes set actor = 'user nobody'`)
    const reader = await pool.connect()
    try {
      await reader.query('begin isolation level repeatable read')
      const { rows: before } = await reader.query('select count(*)::int as n from infraledger.audit_trail')
      expect((await rebuildReadModels({ store: source, target })).swapped?.removed).toBeGreaterThan(0)
      const { rows: during } = await reader.query(
        `select count(*)::int as n, count(*) filter (where actor = 'user nobody')::int as old from infraledger.nodes`,
      )
      expect(during).toEqual([{ n: expect.any(Number), old: during[0].n }])
      expect(before[0].n).toBeGreaterThan(during[0].n)
      await reader.query('commit')
    } finally {
      reader.release()
    }
    const { rows } = await pool.query(`select count(*)::int as n from bi_nodes where actor = 'user nobody'`)
    expect(rows).toEqual([{ n: 0 }])
    const right = `select has_table_privilege($1, 'infraledger.nodes', 'select') as may`
    expect((await pool.query(right, [role])).rows).toEqual([{ may: true }])
  })

  test('gives tables of an older version the columns of this one; until then they are refused', async () => {
    const { pool, target } = await readerAndTarget()
    const source = await store()
    await projectLedger({ store: source, target })
    const expected = await contentsOf(target)
    const role = await grantToReader(pool)
    await pool.query('update infraledger.projection_meta set version = 0')
    await pool.query('alter table infraledger.node_versions drop column changed, alter column revision type text')
    await pool.query('alter table infraledger.nodes add column gone text; drop table infraledger.scans')
    await expect(projectLedger({ store: source, target })).rejects.toMatchObject({
      code: 'read-models-outdated',
      details: { version: 0, expected: PROJECTION_VERSION },
    })
    await rebuildReadModels({ store: source, target })
    expect(await contentsOf(target)).toEqual(expected)
    const rights = await pool.query(
      `select has_table_privilege($1, 'infraledger.nodes', 'select') as nodes, has_table_privilege($1, 'infraledger.current_nodes', 'select') as current`,
      [role],
    )
    expect(rights.rows).toEqual([{ nodes: true, current: true }])
    const left = await pool.query(`select 1 from pg_namespace where nspname = 'infraledger_next'`)
    expect(left.rows).toEqual([])
  })
})

describe('READ 5: what is not ours to write into is refused', () => {
  test('a schema with tables of the same names, and tables of a newer version', async () => {
    const { pool, target } = await readerAndTarget()
    await pool.query('create schema infraledger; create table infraledger.nodes (mine text)')
    const source = await store()
    await expect(projectLedger({ store: source, target })).rejects.toMatchObject({ code: 'read-models-foreign' })
    await pool.query('drop schema infraledger cascade')
    await projectLedger({ store: source, target })
    await pool.query('update infraledger.projection_meta set version = 99')
    for (const call of [projectLedger, rebuildReadModels])
      await expect(call({ store: source, target })).rejects.toMatchObject({ code: 'read-models-newer-than-library' })
  })
})

describe('READ 10: no password is in a name or an error', () => {
  test('of a server that is not there, that refuses, or a string that is no connection string', async () => {
    const { connectionString } = await readerAndTarget()
    const wrong = new URL(connectionString)
    wrong.password = 'hunter2-wrong'
    const gone = new URL(wrong)
    gone.port = '1'
    const source = await store()
    for (const url of [wrong.href, gone.href]) {
      const target = postgresReadModels({ connectionString: url })
      const error: unknown = await projectLedger({ store: source, target }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'read-models-unavailable' })
      expect(`${target.name} ${String(error)} ${JSON.stringify(error)}`).not.toContain('hunter2')
    }
    for (const unreadable of [
      'host=db password=hunter2',
      'postgresql://ada:h@rd/hunter2@db/reports',
      'postgresql://ada:12#hunter2@db/reports',
      'postgresql://ada:12?hunter2@db/reports',
    ]) {
      expect(() => postgresReadModels({ connectionString: unreadable })).toThrow(
        expect.objectContaining({ code: 'input-invalid', message: expect.not.stringContaining('hunter2') }),
      )
    }
  })
})

test('READ 8: a server that goes away and comes back is waited for', async () => {
  const own = await startPostgres({ own: true, fsync: false })
  onTestFinished(() => own.stop())
  const target = postgresReadModels({ connectionString: await own.databaseUrl() })
  const source = await store()
  const stop = new AbortController()
  const seen: string[] = []
  const following = projectLedger({
    store: source,
    target,
    follow: true,
    worker: { name: 'one', leaseMs: 300 },
    signal: stop.signal,
    onProgress: ({ environment, revision }) => seen.push(`${environment} ${revision}`),
  })
  await vi.waitFor(() => expect(seen).toEqual(['prod 399']), 10_000)
  const back = own.restart({ crash: true })
  await appendHistory(source, 'late', 50)
  await back
  await vi.waitFor(() => expect(seen).toEqual(['prod 399', 'late 49']), 20_000)
  stop.abort()
  await following
  expect((await contentsOf(target)).checkpoints.map(({ events }) => events)).toEqual([0, 50, 0, 400])
}, 60_000)

test('a pool that is handed in is used and left open, and the schema is named', async () => {
  const { pool } = await readerAndTarget()
  await projectLedger({ store: await store(), target: postgresReadModels({ pool, schema: 'reports' }) })
  const { rows } = await pool.query('select count(*)::int as n from reports.environments')
  expect(rows).toEqual([{ n: 1 }])
  expect(() => postgresReadModels({ pool, schema: 'Reports"; drop' })).toThrow(
    expect.objectContaining({ code: 'input-invalid' }),
  )
})
