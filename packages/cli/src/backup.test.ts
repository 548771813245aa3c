import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { importedShop } from './command-line.fixture.ts'

it('STORE 28: infraledger backup copies a ledger, which answers the same, and overwrites nothing', async () => {
  const cli = await importedShop()
  const { code, stdout } = await cli.run(['backup', 'copy.db'])
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Wrote copy\.db: \d+ events\.\n$/) })
  for (const question of [['verify'], ['graph'], ['timeline']])
    expect(await cli.json([...question, '--ledger', 'copy.db'])).toEqual(await cli.json(question))
  expect(await cli.run(['backup', 'copy.db'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('copy.db is there already'),
  })
  expect(await cli.json(['backup', 'again.db'])).toMatchObject({ file: join(cli.folder, 'again.db') })
})

it('STORE 28: without a ledger there is nothing to copy, and none is made', async () => {
  const cli = await importedShop()
  expect(await cli.run(['backup', 'copy.db', '--ledger', 'no.db'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there is no ledger'),
  })
  for (const file of ['copy.db', 'no.db']) expect(existsSync(join(cli.folder, file))).toBe(false)
})
