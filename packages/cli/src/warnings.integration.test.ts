import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { commandLine } from './command-line.fixture.ts'

test('LEDGER 11: the command line says on stderr that a snapshot was ignored, and answers', async () => {
  const cli = await commandLine()
  await cli.json(['create', 'prod', '--type', 'development', '--as', 'user:ada'])
  const database = new DatabaseSync(join(cli.folder, 'infra.db'))
  database.exec(`insert into snapshots values ('environment-prod', 0, '${'0'.repeat(64)}', 1, '{}')`)
  database.close()
  const { code, stdout, stderr } = await cli.run(['graph', '--json'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^warning: The snapshot of prod /) })
  expect(JSON.parse(stdout)).toMatchObject({ version: 0 })
  expect(await cli.run(['graph', '--json'])).toEqual({ code, stdout, stderr: '' })
})
