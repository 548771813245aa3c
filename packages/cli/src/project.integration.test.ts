import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { commandLine, importedShop } from './command-line.fixture.ts'

it('READ 11: "project" brings the tables up to date, again with what is new only, and rebuilds them', async () => {
  const cli = await importedShop()
  const first = await cli.run(['project', '--to', 'reports.db'])
  expect(first).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^Projected \d+ events of 1 environment into sqlite:reports\.db\.\n$/),
    stderr: '',
  })
  const database = new DatabaseSync(join(cli.folder, 'reports.db'))
  const count = (sql: string): unknown => database.prepare(sql).get()?.['n']
  expect(count('select count(*) as n from current_nodes')).toBeGreaterThan(0)
  database.close()
  expect(await cli.json(['project', '--to', 'reports.db'])).toMatchObject({ to: 'sqlite:reports.db', events: 0 })
  expect((await cli.run(['project', '--to', 'reports.db', '--rebuild'])).stdout).toContain(
    'The tables were as they should be.',
  )
})

it('READ 11: interrupted, a rebuild says that it was broken off, and following ends', async () => {
  const cli = await importedShop()
  await cli.run(['project', '--to', 'reports.db'])
  const interruption = AbortSignal.abort()
  const rebuilt = await cli.run(['project', '--to', 'reports.db', '--rebuild'], { interruption })
  expect(rebuilt).toMatchObject({ code: 1, stdout: expect.stringContaining('broken off') })
  const followed = await cli.run(['project', '--to', 'reports.db', '--follow', '--worker', 'one'], { interruption })
  expect(followed).toMatchObject({ code: 0, stderr: 'Following into sqlite:reports.db; Ctrl-C stops.\n' })
})

it.each([
  [['--to', 'mysql://me:hunter2@db/reports'], 64, 'no read models for mysql'],
  [
    ['--to', 'postgresql://me:hunter2@127.0.0.1:1/reports'],
    1,
    'postgresql:127.0.0.1:1/reports/infraledger cannot be used',
  ],
  [['--to', 'reports.db', '--worker', 'one'], 64, '--worker is for --follow'],
  [['--to', 'reports.db', '--rebuild', '--follow'], 64, 'leave --follow out'],
  [['--to', 'reports.db', '--schema', 'x'], 64, '--schema is for PostgreSQL'],
  [['--to', 'infra.db'], 1, 'it is the file of a ledger'],
])('READ 10: project %j is refused, and no password is shown', async (args, code, hint) => {
  const answer = await (await importedShop()).run(['project', ...args])
  expect(answer).toEqual({ code, stdout: '', stderr: expect.stringContaining(hint) })
  expect(answer.stderr).not.toContain('hunter2')
})

it('CLI 3: without a ledger it makes no tables', async () => {
  const cli = await commandLine()
  expect(await cli.run(['project', '--to', 'reports.db'])).toMatchObject({ code: 1 })
  await expect(cli.bytes('reports.db')).rejects.toThrow('ENOENT')
})
