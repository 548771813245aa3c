import { user } from '@infraledger/core'
import type { DestructionReview } from '@infraledger/core'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import type { FakeCloud } from '@infraledger/testkit'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { commandLine } from './command-line.fixture.ts'
import type { CommandLine } from './command-line.fixture.ts'
import { startProgram } from './program.fixture.ts'

const model = {
  services: [{ name: 'checkout', uses: [{ need: 'bucket/receipts', operations: ['write'] }] }],
  needs: ['bucket/receipts'],
}

type Read = { readonly planDigest: string; readonly status: string }
type Told = { readonly type: string; readonly deployment: string; readonly environment: string }

const shared: Record<string, FakeCloud['provider']> = {}
Object.assign(globalThis, { infraledgerTestClouds: shared })

/** An empty folder with a configuration whose cloud lives in this process, on a clock that moves by itself. */
async function stranger(): Promise<
  CommandLine & { readonly cloud: FakeCloud; readonly deploy: () => Promise<string> }
> {
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const cli = await commandLine(clock)
  const cloud = fakeCloud({ clock })
  shared[cli.folder] = cloud.provider
  onTestFinished(() => {
    delete shared[cli.folder]
  })
  const provider = `globalThis.infraledgerTestClouds[${JSON.stringify(cli.folder)}]`
  await cli.write('infraledger.config.mjs', `export const config = { clouds: [${provider}] }\n`)
  await cli.write('model.json', JSON.stringify(model))
  return {
    ...cli,
    cloud,
    async deploy() {
      const recorded = await cli.json(['deploy', 'model.json', '--commit', 'c1', '--as', 'ada'])
      return (recorded as { readonly deployment: string }).deployment
    },
  }
}

const create = ['create', 'prod', '--clouds', 'fake/main/somewhere-1', '--as', 'ada']

describe('a whole story', () => {
  it('CLI 21: create, grant, deploy, run, read the plan, approve, run, why, destroy, run', async () => {
    const cli = await stranger()
    const created = await cli.run([...create, '--type', 'production', '--approvals', '1', '--four-eyes'])
    expect(created).toEqual({
      code: 0,
      stdout: 'Created environment prod (production); user ada is its first Admin.\n',
      stderr: '',
    })
    await cli.run(['grant-role', 'grace', 'admin', '--as', 'ada'])
    expect((await cli.run(['roles'])).stdout).toBe('SUBJECT  ROLES\nada      admin\ngrace    admin\n')
    expect(await cli.json(['roles'])).toEqual([
      { subject: 'ada', roles: ['admin'] },
      { subject: 'grace', roles: ['admin'] },
    ])
    const deployment = await cli.deploy()
    const waits = await cli.run(['run', '--once', '--detailed-exitcode'])
    expect(waits).toMatchObject({ code: 2, stderr: 'Running what is open.\n' })
    expect(waits.stdout).toMatch(/waits for approval: infraledger approve \S+ --digest \S+ --environment prod\n$/)
    const { planDigest } = (await cli.json(['deployment', deployment])) as Read
    expect((await cli.run(['deployment', deployment])).stdout).toMatch(
      / {4}create bucket\/receipts {2}planned\n {6}publicAccess: false\n/,
    )
    expect((await cli.run(['approve', deployment, '--digest', planDigest, '--as', 'grace'])).code).toBe(0)
    const done = await cli.run(['run', '--once'])
    expect(done).toMatchObject({ code: 0 })
    expect(done.stdout).toMatch(/create:bucket\/receipts is done\n.* succeeded at graph version \d+\n$/s)
    expect((await cli.run(['why', 'service/checkout'])).stdout).toContain('approved by user grace')
    await cli.run(['confirm-deletion', 'bucket/receipts', '--reason', 'x', '--for-destruction', '--as', 'ada'])
    const { challenge } = (await cli.json(['destroy'])) as DestructionReview
    const ended = (await cli.json(['destroy', '--challenge', challenge, '--reason', 'x', '--as', 'ada'])) as {
      readonly deployment: string
    }
    await cli.run(['run', '--once'])
    const plan = (await cli.json(['deployment', ended.deployment])) as Read
    expect((await cli.run(['deployment', ended.deployment])).stdout).toContain('last copy: must-be-empty')
    await cli.run(['approve', ended.deployment, '--digest', plan.planDigest, '--as', 'grace'])
    expect((await cli.run(['run', '--once'])).code).toBe(0)
    expect(await cli.json(['environments'])).toMatchObject([{ status: 'destroyed' }])
  })
})

describe('run', () => {
  it('CLI 22: with --once and --json tells each thing on a line, in all environments, and ends with 1 if one failed', async () => {
    const cli = await stranger()
    await cli.run(create)
    await cli.run(['create', 'test', ...create.slice(2)])
    for (const environment of ['prod', 'test'])
      await cli.run(['deploy', 'model.json', '--commit', 'c1', '--as', 'ada', '--environment', environment])
    const { code, stdout } = await cli.run(['run', '--once', '--json'])
    const told = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Told)
    // Both make a bucket, and the second one's name differs by its environment.
    expect(code).toBe(0)
    for (const environment of ['prod', 'test'])
      expect(told.findLast((one) => one.environment === environment)?.type).toBe('succeeded')
    cli.cloud.faults.refuse({ operation: 'create' })
    await cli.write('more.json', JSON.stringify({ ...model, needs: ['bucket/receipts', 'topic/sales'] }))
    await cli.run(['deploy', 'more.json', '--commit', 'c2', '--as', 'ada', '--environment', 'prod'])
    const failed = await cli.run(['run', '--once'])
    expect(failed).toMatchObject({ code: 1 })
    expect(failed.stdout).toMatch(/ failed: /)
  })

  it('CLI 22: with --once and nothing open it ends at once, and makes no ledger', async () => {
    const cli = await stranger()
    expect(await cli.run(['run', '--once'])).toMatchObject({ code: 1, stdout: '' })
    await cli.run(create)
    expect(await cli.run(['run', '--once', '--json'])).toMatchObject({ code: 0, stdout: '' })
  })

  it('CLI 22: runs what comes while it runs, until it is interrupted, and the next run goes on', async () => {
    const cli = await stranger()
    await cli.run([...create, '--approvals', '1'])
    const pressed = new AbortController()
    const running = cli.run(['run'], { interruption: pressed.signal })
    const deployment = await cli.deploy()
    const read = async () => (await cli.json(['deployment', deployment])) as Read
    await vi.waitFor(async () => expect((await read()).status).toBe('waiting-for-approval'), { timeout: 10_000 })
    await cli.run(['approve', deployment, '--digest', (await read()).planDigest, '--as', 'ada'])
    await vi.waitFor(async () => expect((await read()).status).toBe('succeeded'), { timeout: 10_000 })
    pressed.abort()
    const { code, stdout } = await running
    expect(code).toBe(0)
    expect(stdout).toContain(`prod ${deployment} triggered, commit c1\n`)
  })

  it.each([
    [['run', '--environment', 'prod'], 64, 'all environments'],
    [['run', '--detailed-exitcode'], 64, '--once'],
    [['run', '--concurrency', '0'], 64, 'whole number'],
    [['run', '--concurrency', '1000'], 1, 'concurrency'],
    [['create', 'b', '--environment', 'c', '--as', 'ada'], 64, 'say it once'],
    [['create', 'b', '--clouds', 'aws', '--as', 'ada'], 64, 'eu-west-1'],
    [['create', 'b', '--four-eyes', '--as', 'ada'], 64, '--approvals'],
    [['create', 'Prod', '--as', 'ada'], 1, 'lower case'],
    [['create', 'prod', '--as', 'ada'], 1, 'already'],
    [['create', 'b'], 64, '--as user:ada'],
    [['cancel', 'd-1', '--as', 'ada'], 64, '--reason'],
    [['cancel', 'd-1', '--reason', 'x', '--as', 'ada'], 1, 'd-1'],
  ])('CLI 2: %j is refused', async (args, code, hint) => {
    const cli = await stranger()
    await cli.run(create)
    const refused = await cli.run(args)
    expect(refused).toMatchObject({ code, stdout: '' })
    expect(refused.stderr).toContain(hint)
  })

  it('CLI 17: needs a cloud, and says when the cloud of a new environment is not configured', async () => {
    const cli = await commandLine()
    expect((await cli.run(create)).stderr).toContain('no cloud called fake')
    const { code, stderr } = await cli.run(['run', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'cloud-missing' } })
  })

  it('CLI 22: the program ends with 0 on SIGTERM', async () => {
    const cli = await stranger()
    await cli.run(create)
    await cli.write(
      'infraledger.config.mjs',
      `export const config = { clouds: [{ name: 'fake', capabilities() {} }] }\n`,
    )
    const program = startProgram(['run'], cli.folder)
    await new Promise<void>((resolve) => program.process.stderr?.on('data', () => resolve()))
    program.process.kill('SIGTERM')
    expect(await program.outcome).toMatchObject({ code: 0, stdout: '' })
  })
})

it('CLI 23: cancel ends what waits at once, by who triggered it or an Admin', async () => {
  const cli = await stranger()
  await cli.run([...create, '--approvals', '1'])
  await cli.run(['grant-role', 'bob', 'member', '--as', 'ada'])
  const deployment = await cli.deploy()
  const cancel = ['cancel', deployment, '--reason', 'wrong commit', '--as']
  const refused = await cli.run([...cancel, user('bob').id, '--json'])
  expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'role-required' } })
  expect(await cli.json([...cancel, 'ada'])).toEqual({ deployment, status: 'cancelled' })
  expect((await cli.run(['deployments'])).stdout).toContain('wrong commit')
})

it('CLI 17, ACCESS 1: the authorizer of the configuration decides, and one that is none is said to be', async () => {
  const cli = await commandLine()
  const config = (authorizer: string) => `export const config = { authorizer: ${authorizer} }\n`
  await cli.write('infraledger.config.mjs', config(`{ authorize: () => ({ allowed: false, policy: 'freeze' }) }`))
  const refused = await cli.run([...create, '--json'])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('"permission-denied"')
  await cli.write('other.mjs', config('null'))
  expect((await cli.run([...create, '--config', 'other.mjs'])).stderr).toContain('authorizer has no method authorize')
})

it('CLI 22: run --once that is interrupted before everything had ended is no success', async () => {
  const cli = await stranger()
  await cli.run(create)
  const deployment = await cli.deploy()
  const pressed = new AbortController()
  cli.cloud.faults.retryable({ operation: 'create' }, 100)
  const running = cli.run(['run', '--once'], { interruption: pressed.signal })
  const status = async () => ((await cli.json(['deployment', deployment])) as Read).status
  await vi.waitFor(async () => expect(await status()).toMatch(/running|failed/), { timeout: 10_000, interval: 1 })
  pressed.abort()
  expect((await running).code).toBe(1)
})
