import { startPostgres, type TestPostgres } from '@infraledger/testkit/postgresql'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { commandLine, shop } from './command-line.fixture.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
})
afterAll(() => server.stop())

const env = { INFRALEDGER_FINGERPRINT_KEY: 'for tests only, of at least sixteen bytes' }

it('CLI 24: a ledger in PostgreSQL is named by its URL, and used as one in a file', async () => {
  const ledger = await server.databaseUrl()
  const password = new URL(ledger).password
  const cli = await commandLine()
  await cli.write('one.tfstate', shop(1))
  const run = async (...args: string[]) => {
    const ran = await cli.run([...args, '--ledger', ledger], { env })
    expect(ran.stdout + ran.stderr).not.toContain(password)
    return ran
  }
  const importing = ['import', 'terraform', 'one.tfstate', '--env', 'prod', '--as', 'ada']
  const early = await run(...importing, '--json')
  expect(early.code).toBe(1)
  expect(JSON.parse(early.stderr)).toMatchObject({
    error: { code: 'store-foreign', message: expect.stringContaining('infraledger migrate') },
  })
  expect((await run('migrate')).stdout).toMatch(/^postgres:127\.0\.0\.1\/test_\w+ was made \(version 1\)/)
  expect(JSON.parse((await run('migrate', '--json')).stdout)).toMatchObject({ from: 1, to: 1 })
  expect(await run(...importing)).toMatchObject({ code: 0 })
  expect((await run('graph')).stdout).toMatch(/^prod,/)
  expect((await run('verify')).stdout).toMatch(/^Intact/)
  await cli.write('infraledger.config.ts', `export const config = { ledger: ${JSON.stringify(ledger)} }`)
  expect((await cli.run(['graph'], { env })).stdout).toMatch(/^prod,/)
  expect(await run('backup', 'copy.db')).toMatchObject({ code: 64 })
})

it('CLI 24: a URL that leads nowhere, or is none, is refused without being repeated', async () => {
  const cli = await commandLine()
  const refusals = await Promise.all(
    [
      'postgres://ada:very-secret@127.0.0.1:1/infra',
      'postgres://ada:very-secret@/wrong/infra',
      'postgres://ada:very-secret@127.0.0.1/infra?sslmode=sometimes',
      'mysql://ada:very-secret@127.0.0.1/infra',
    ].map((ledger) => cli.run(['graph', '--ledger', ledger, '--json'])),
  )
  expect(refusals.map(({ stderr }) => JSON.parse(stderr).error.code)).toEqual([
    'store-unavailable',
    'input-invalid',
    'input-invalid',
    'usage-wrong',
  ])
  for (const { code, stdout, stderr } of refusals) {
    expect([code !== 0, stdout]).toEqual([true, ''])
    expect(stderr).not.toContain('very-secret')
  }
})

it('CLI 6: a ledger on a server has no file beside it, so the fingerprint key has to be given', async () => {
  const ledger = await server.databaseUrl()
  const cli = await commandLine()
  await cli.write('one.tfstate', shop(1))
  await cli.run(['migrate', '--ledger', ledger])
  const importing = ['import', 'terraform', 'one.tfstate', '--env', 'prod', '--as', 'ada', '--ledger', ledger, '--json']
  const { code, stderr } = await cli.run(importing)
  expect(code).toBe(1)
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'key-invalid' } })
})
