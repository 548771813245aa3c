import { join } from 'node:path'
import { gitPush, openLedger, user } from '@infraledger/core'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { fakeCloud, fakePlatform, virtualClock } from '@infraledger/testkit'
import { describe, expect, it } from 'vitest'
import { commandLine, importedShop } from './command-line.fixture.ts'
import type { CommandLine } from './command-line.fixture.ts'

/** A ledger in which prod and staging run a shop on a platform; prod was deployed a second time, which stopped halfway. */
async function runningShop(): Promise<CommandLine & { readonly first: string; readonly between: string }> {
  const cli = await commandLine()
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const [cloud, runner] = [fakeCloud({ clock }), fakePlatform({ clock })]
  const ledger = openLedger({
    store: sqliteEventStore({ file: join(cli.folder, 'infra.db') }),
    clouds: [cloud.provider],
    platforms: [runner.platform],
    clock,
  })
  const clouds = [cloud.target, runner.target]
  const actor = { actor: user('ada') }
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'production', clouds }, actor)
  const staging = await ledger.createEnvironment({ name: 'staging', type: 'development', clouds }, actor)
  ledger.runDeployments()
  const deploy = async (environment: typeof prod, commit: string, image: string) => {
    const model = { services: [{ name: 'checkout', image, replicas: 3 }], needs: ['sql-instance/main'] } as const
    const trigger = gitPush({ commit, ref: 'main', pusher: 'ada' })
    const runtime = { version: '1.2.3', baseImage: 'node:24' }
    return environment.deploy({ trigger, model, runtime })
  }
  const first = await (await deploy(prod, 'c1', 'shop:1')).completed()
  await (await deploy(staging, 'c2', `shop@sha256:${'0a'.repeat(32)}`)).completed()
  const between = clock.now().toISOString()
  await clock.sleep(60_000)
  runner.faults.failMidway({ operation: 'update', name: 'prod-checkout' })
  await (await deploy(prod, 'c3', 'shop:2')).completed().catch(() => undefined)
  await ledger.close()
  return { ...cli, first: first.id, between }
}

describe('asking what ran', () => {
  it('CLI 1: versions answers for every environment, or the one that is named, as the library does', async () => {
    const cli = await runningShop()
    expect(await cli.json(['versions'])).toMatchObject([
      { environment: 'prod', workloads: [{ image: null, running: [{}, {}].map(() => expect.any(String)) }] },
      { environment: 'staging', workloads: [{ pinned: true, replicas: 3, deployment: { commit: 'c2' } }] },
    ])
    expect(await cli.json(['versions', '--env', 'staging'])).toMatchObject([{ environment: 'staging' }])
    for (const at of [cli.between, `deployment:${cli.first}`])
      expect(await cli.json(['versions', '--env', 'prod', '--at', at])).toMatchObject([
        {
          workloads: [{ image: 'shop:1', deployment: { commit: 'c1' }, runtime: { version: '1.2.3', pinned: false } }],
          engines: [{ engine: 'postgres' }],
        },
      ])
  })

  it('answers people in words', async () => {
    const cli = await runningShop()
    const text = async (...args: string[]) => (await cli.run(args)).stdout
    expect(await text('versions', '--at', cli.between)).toMatch(
      /^prod, graph version \d+\nWORKLOAD .*\nservice\/checkout +shop:1 +sha256:\w{12} +no +3 +\S+Z +c1, push by ada +1\.2\.3 on node:24\n\nENGINE OF .*\nsql-instance\/main +postgres +17\.4 .*\n\nstaging, /,
    )
    expect(await text('versions', '--env', 'prod')).toMatch(
      /shop:1@sha256:\w{12} \+ shop:2@sha256:\w{12} +unknown +unknown +3 .* c3, push by ada, failed/,
    )
    expect(await text('versions', '--at', '2020-01-01')).toMatch(/^prod, graph version 0: nothing runs/)
  })

  it('CLI 2: a graph version without an environment is wrong usage where there are several', async () => {
    const cli = await runningShop()
    const { code, stderr } = await cli.run(['versions', '--at', '1'])
    expect(code).toBe(64)
    expect(stderr).toContain('--environment')
    expect((await cli.run(['versions', '--env', 'prod', '--at', '99'])).stderr).toContain('graph version 99')
  })

  it('tells the engines of imported databases, and where they are known from', async () => {
    const cli = await importedShop()
    expect((await cli.run(['versions'])).stdout).toMatch(
      /sql-instance\/main +postgres +16\.4 +.* +import from one\.tfstate\n/,
    )
  })
})
