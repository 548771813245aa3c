import { writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { inMemoryEventStore } from '@infraledger/core'
import type { EventStore } from '@infraledger/core'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { contentsOf } from '../contents.fixture.ts'
import { appendHistory } from '../long-history.fixture.ts'
import { temporaryFile } from '../places.fixture.ts'
import { projectLedger } from '../project-ledger.ts'
import { rebuildReadModels } from '../rebuild-read-models.ts'
import { sqliteReadModels } from './sqlite-read-models.ts'

async function store(): Promise<EventStore> {
  const made = inMemoryEventStore()
  await appendHistory(made, 'prod', 400)
  return made
}

function reader(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  onTestFinished(() => database.close())
  return database
}

test('READ 9: what tables and columns tell stands in the schema that any tool shows', async () => {
  const file = temporaryFile('reports.db')
  await projectLedger({ store: await store(), target: sqliteReadModels({ file }) })
  const { sql } = reader(file).prepare(`select sql from sqlite_schema where name = 'audit_trail'`).get() ?? {}
  expect(sql).toContain('-- One row per change of a property')
  expect(sql).toContain('"commit_id" text, -- The commit that was deployed')
})

test('READ 4: whoever reads while tables are swapped goes on with what they began with; views of others stay', async () => {
  const file = temporaryFile('reports.db')
  const [source, target] = [await store(), sqliteReadModels({ file })]
  await projectLedger({ store: source, target })
  const database = reader(file)
  database.exec(`create view mine as select node_id from nodes where actor = 'user nobody'`)
  database.exec(`update nodes set actor = 'user nobody'`)
  database.exec('begin')
  const count = (): number => Number(database.prepare('select count(*) as n from mine').get()?.['n'])
  const before = count()
  expect(before).toBeGreaterThan(0)
  expect((await rebuildReadModels({ store: source, target })).swapped?.removed).toBe(before)
  expect(count()).toBe(before)
  database.exec('commit')
  expect(count()).toBe(0)
})

test('READ 5: the file of a ledger, of another application, and what is no database are refused and left as they are', async () => {
  const source = await store()
  const ledger = temporaryFile('infra.db')
  await sqliteEventStore({ file: ledger }).close()
  const other = temporaryFile('other.db')
  new DatabaseSync(other).exec('create table theirs (x)')
  const text = temporaryFile('text.db')
  writeFileSync(text, 'not a database, but long enough to be one that is damaged '.repeat(20))
  for (const file of [ledger, other, text]) {
    await expect(projectLedger({ store: source, target: sqliteReadModels({ file }) })).rejects.toMatchObject({
      code: 'read-models-foreign',
    })
  }
  await expect(
    projectLedger({ store: source, target: sqliteReadModels({ file: '/nowhere/at/all.db' }) }),
  ).rejects.toMatchObject({ code: 'read-models-unavailable' })
})

test('READ 5: tables of an older version are refused until they are rebuilt, those of a newer one always', async () => {
  const file = temporaryFile('reports.db')
  const [source, target] = [await store(), sqliteReadModels({ file })]
  await projectLedger({ store: source, target })
  const expected = await contentsOf(target)
  const database = reader(file)
  database.exec('drop table scans; alter table nodes rename column actor to who; pragma user_version = 0')
  await expect(projectLedger({ store: source, target })).rejects.toMatchObject({ code: 'read-models-outdated' })
  await rebuildReadModels({ store: source, target })
  expect(await contentsOf(target)).toEqual(expected)
  database.exec('pragma user_version = 99')
  for (const call of [projectLedger, rebuildReadModels])
    await expect(call({ store: source, target })).rejects.toMatchObject({ code: 'read-models-newer-than-library' })
})
