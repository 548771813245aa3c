import { join } from 'node:path'
import { gitPush, openLedger, user } from '@infraledger/core'
import type { DestructionReview } from '@infraledger/core'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import { describe, expect, it } from 'vitest'
import { commandLine } from './command-line.fixture.ts'
import type { CommandLine } from './command-line.fixture.ts'

const ada = { actor: user('ada') }

/** A folder with a ledger in which a bucket and a service were deployed, and a configuration that names their cloud. */
async function deployed(type: 'production' | 'preview' = 'production') {
  const cli = await commandLine()
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const cloud = fakeCloud({ clock })
  const open = () =>
    openLedger({ store: sqliteEventStore({ file: join(cli.folder, 'infra.db') }), clouds: [cloud.provider], clock })
  const ledger = open()
  const prod = await ledger.createEnvironment({ name: 'prod', type, clouds: [cloud.target] }, ada)
  ledger.runDeployments()
  const model = {
    services: [{ name: 'checkout', uses: [{ need: 'bucket/receipts', operations: ['write'] }] }],
    needs: ['bucket/receipts'],
  } as const
  await (await prod.deploy({ trigger: gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' }), model })).completed()
  await ledger.close()
  // What the command line asks of a cloud here is what it can do.
  const capabilities = JSON.stringify(
    Object.fromEntries(['bucket', 'service'].map((kind) => [kind, cloud.provider.capabilities(kind)])),
  )
  await cli.write(
    'infraledger.config.mjs',
    `const known = ${capabilities}\nexport const config = { clouds: [{ name: 'fake', capabilities: (kind) => known[kind] }] }\n`,
  )
  /** Runs the deployment that the command line recorded. */
  const run = async (deployment: string) => {
    const executing = open()
    executing.runDeployments()
    await executing.environment('prod').deployment(deployment).completed()
    await executing.close()
  }
  return { ...cli, execute: run }
}

const review = async (cli: Pick<CommandLine, 'json'>) => (await cli.json(['destroy'])) as DestructionReview

describe('how an environment ends', () => {
  it('PROTECT 5: destroy shows what would go and what stands in the way, and writes nothing', async () => {
    const cli = await deployed()
    const before = await cli.bytes('infra.db')
    const { code, stdout } = await cli.run(['destroy'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/3 nodes would be removed, in this order:\nNODE .*\nservice\/checkout +none +-/)
    expect(stdout).toMatch(/1 node stands in the way:\nNODE .*\nbucket\/receipts +is used by the application/)
    expect(stdout).toContain('It cannot be destroyed yet.')
    expect(await cli.bytes('infra.db')).toEqual(before)
    expect((await review(cli)).protected).toMatchObject([
      { node: 'bucket/receipts', reasons: ['in-use', 'not-confirmed'] },
    ])
  })

  it('PROTECT 1, PROTECT 9: with its challenge it is destroyed by an executor, and its commands are refused from then on', async () => {
    const cli = await deployed()
    const confirm = ['confirm-deletion', 'bucket/receipts', '--reason', 'closed', '--for-destruction', '--as', 'ada']
    expect((await cli.run(confirm)).stdout).toBe(
      'Confirmed: the destruction of the environment removes bucket/receipts, unless it is used again before.\n',
    )
    const { challenge } = await review(cli)
    expect((await cli.run(['destroy'])).stdout).toContain(`--challenge "${challenge}"`)
    const typed = (phrase: string) => ['destroy', '--challenge', phrase, '--reason', 'closed', '--as', 'ada']
    const wrong = await cli.run([...typed(`${challenge} `), '--json'])
    expect(wrong).toMatchObject({ code: 1, stdout: '' })
    expect(JSON.parse(wrong.stderr)).toMatchObject({ error: { code: 'challenge-mismatch' } })
    const { deployment } = (await cli.json(typed(challenge))) as { readonly deployment: string }
    expect((await cli.run(['environments'])).stdout).toMatch(/prod .* being-destroyed\n/)
    await cli.execute(deployment)
    expect((await cli.run(['environments'])).stdout).toMatch(/prod .* destroyed\n/)
    expect((await cli.run(['timeline'])).stdout).toContain('environment destroyed: 4 nodes removed, 0 left alone')
    const refused = await cli.run([...typed(challenge), '--json'])
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'environment-destroyed' } })
    expect((await cli.run(['orphans'])).stdout).toBe('Nothing is orphaned.\n')
  })

  it('PROTECT 11: a preview environment goes without a challenge, for a reason', async () => {
    const cli = await deployed('preview')
    const { deployment } = (await cli.json(['destroy', '--reason', 'merged', '--as', 'ada'])) as {
      readonly deployment: string
    }
    await cli.execute(deployment)
    expect(await cli.json(['environments'])).toMatchObject([{ status: 'destroyed' }])
  })

  it('PROTECT 10: delete lets the ledger go of it, and orphans lists what is left', async () => {
    const cli = await deployed()
    const shown = (await cli.run(['delete'])).stdout
    expect(shown).toMatch(/bucket\/receipts +managed +fake main somewhere-1 +prod-receipts/)
    const [, challenge = ''] = /--challenge "([^"]+)"/.exec(shown) ?? []
    const typed = ['delete', '--challenge', challenge, '--reason', 'sold', '--as', 'ada']
    expect((await cli.run([...typed.slice(0, 3), '--reason', 'sold', '--as', 'eve'])).code).toBe(1)
    expect(await cli.json(typed)).toEqual({ environment: 'prod', status: 'deleted' })
    expect((await cli.run(['orphans'])).stdout).toMatch(/prod +bucket\/receipts +managed/)
    expect(await cli.json(['orphans'])).toContainEqual(
      expect.objectContaining({
        environment: 'prod',
        node: 'bucket/receipts',
        ownership: 'managed',
        ref: expect.objectContaining({ provider: 'fake' }),
      }),
    )
    expect(await cli.json(['environments'])).toEqual([])
    expect(await cli.json(['environments', '--deleted'])).toMatchObject([{ name: 'prod', status: 'deleted' }])
    expect((await cli.run(['graph', '--environment', 'prod'])).stdout).toContain('bucket/receipts')
  })

  it.each([
    [['destroy', '--challenge', 'x'], 64, 'say why'],
    [['delete', '--challenge', 'x'], 64, 'say why'],
    [['destroy', '--reason', 'x', '--challenge', 'x'], 64, 'say who acts'],
    [['destroy', '--reason', 'x', '--as', 'ada'], 1, 'the challenge to destroy prod was not answered'],
    [['delete', '--reason', 'x', '--as', 'ada'], 1, 'the challenge to delete prod was not answered'],
  ])('PROTECT 1: %j is refused', async (args, code, hint) => {
    const refused = await (await deployed()).run(args)
    expect(refused).toMatchObject({ code, stdout: '' })
    expect(refused.stderr).toContain(hint)
  })
})
