import { eventStoreDbServer } from '@infraledger/testkit/eventstoredb'
import { expect, it, onTestFinished } from 'vitest'
import { commandLine, shop } from './command-line.fixture.ts'

const env = { INFRALEDGER_FINGERPRINT_KEY: 'for tests only, of at least sixteen bytes' }

it.each(['esdb', 'kurrentdb+discover'])('CLI 24: a ledger in EventStoreDB is named by its URL (%s)', async (scheme) => {
  const server = await eventStoreDbServer()
  onTestFinished(() => server.close())
  const { address, port } = server.address
  const ledger = `${scheme}://ada:very-secret@${address}:${port}?tls=false`
  const cli = await commandLine()
  await cli.write('one.tfstate', shop(1))
  const run = async (...args: string[]) => {
    const ran = await cli.run([...args, '--ledger', ledger], { env })
    expect(ran.stdout + ran.stderr).not.toContain('very-secret')
    return ran
  }
  expect((await run('migrate')).stdout).toMatch(/^eventstoredb:127\.0\.0\.1:\d+ is ready/)
  expect(await run('migrate', '--writer', 'platform')).toMatchObject({ code: 64 })
  expect(await run('import', 'terraform', 'one.tfstate', '--env', 'prod', '--as', 'ada')).toMatchObject({ code: 0 })
  expect((await run('graph')).stdout).toMatch(/^prod,/)
  expect((await run('verify')).stdout).toMatch(/^Intact/)
  expect(await run('backup', 'copy.db')).toMatchObject({ code: 64 })
})

it('CLI 24: a connection string that is none is refused without being repeated', async () => {
  const cli = await commandLine()
  const { code, stdout, stderr } = await cli.run(['graph', '--ledger', 'esdb://ada:very-secret@/?x=1', '--json'])
  expect([code !== 0, stdout]).toEqual([true, ''])
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'input-invalid' } })
  expect(stderr).not.toContain('very-secret')
})
