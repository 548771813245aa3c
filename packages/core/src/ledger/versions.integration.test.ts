import { expect, test } from 'vitest'
import { gitPush } from '../deployments/trigger.ts'
import { checkout, runningWorld } from './compute.fixture.ts'
import { ada } from './ledger.fixture.ts'

const DIGEST = `sha256:${'0a'.repeat(32)}`

test('COMPUTE 7: versions tell what ran at a time, a graph version or a deployment', async () => {
  const { prod, runner, clock, deploy } = await runningWorld()
  const first = await deploy(checkout('shop:1'), { commit: 'c1' })
  const between = clock.now()
  await clock.sleep(60_000)
  const second = await deploy(checkout('shop:2', 5), { commit: 'c2' })
  const workload = async (at?: Parameters<typeof prod.versions>[0]) => (await prod.versions(at)).workloads[0]
  expect(await workload()).toMatchObject({
    image: 'shop:2',
    digest: runner.registry.digest('shop:2'),
    pinned: false,
    replicas: 5,
    deployment: { id: second.id, commit: 'c2', trigger: { type: 'git-push', pusher: 'ada' } },
  })
  for (const at of [between, { deployment: first.id }, first.graphVersion ?? 0])
    expect(await workload({ at })).toMatchObject({
      image: 'shop:1',
      digest: runner.registry.digest('shop:1'),
      replicas: 3,
      deployment: { id: first.id, commit: 'c1' },
    })
  expect((await prod.versions({ at: new Date('2026-01-01T00:00:00Z') })).workloads).toEqual([])
  await expect(prod.versions({ at: 99 })).rejects.toMatchObject({ code: 'graph-version-not-found' })
  await expect(prod.versions({ at: { deployment: 'nope' } })).rejects.toMatchObject({ code: 'deployment-not-found' })
})

test('COMPUTE 7: a rollout that stopped halfway, and one by hand, are told as what they are', async () => {
  const { prod, runner, clock, deploy, failing } = await runningWorld()
  await deploy(checkout('shop:1'))
  runner.faults.failMidway({ operation: 'update', kind: 'service' })
  const failed = await failing(checkout('shop:2'))
  expect((await prod.versions()).workloads[0]).toMatchObject({
    image: null,
    running: [expect.stringContaining('shop:1@sha256:'), expect.stringContaining('shop:2@sha256:')],
    deployment: { id: failed.id, status: 'failed' },
  })
  runner.console('grace').rollOut('prod-checkout', { image: 'shop:1' })
  await clock.sleep(60_000)
  await prod.reconcile()
  expect((await prod.versions()).workloads[0]).toMatchObject({
    image: 'shop:1',
    running: [],
    cause: { type: 'drift' },
    drift: { attribution: { type: 'user', id: 'grace' } },
    runtime: null,
  })
})

test('COMPUTE 8: the versions of all environments stand beside each other, engines among them', async () => {
  const { ledger, prod, cloud, runner, clock, deploy } = await runningWorld()
  const before = clock.now()
  await clock.sleep(1_000)
  const clouds = [cloud.target, runner.target]
  const staging = await ledger.createEnvironment({ name: 'staging', type: 'development', clouds }, ada)
  await deploy(checkout('shop:1'))
  const needs = ['sql-database/orders', { node: 'sql-instance/main', properties: { engineVersion: '16' } }] as const
  await deploy({ ...checkout(`shop@${DIGEST}`), needs }, { in: staging })
  const versions = await ledger.versions()
  expect(versions).toMatchObject([
    { environment: 'prod', workloads: [{ image: 'shop:1', pinned: false }] },
    { environment: 'staging', workloads: [{ image: `shop@${DIGEST}`, digest: DIGEST, pinned: true }] },
  ])
  const engines = versions.map(({ engines: [main] }) => main?.engineVersion)
  expect(engines[0]).not.toBe(engines[1])
  expect(versions[0]).toEqual(await prod.versions())
  expect(await ledger.versions({ at: before })).toMatchObject([
    { environment: 'prod', graphVersion: 0, workloads: [], engines: [] },
    { environment: 'staging', graphVersion: 0, workloads: [], engines: [] },
  ])
})

test('DEPLOY 12: a runtime is told with what it built, and one that makes no sense is refused before anything is written', async () => {
  const { prod } = await runningWorld()
  const deploy = (runtime: NonNullable<Parameters<typeof prod.deploy>[0]['runtime']>, image = 'shop:1') =>
    prod.deploy({ trigger: gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' }), model: checkout(image), runtime })
  for (const runtime of [
    { version: '1.2.3', baseImage: 'Node:24' },
    { version: '1.2.3', baseImage: 'node:24', pinned: true },
    { version: '1.2.3', baseImage: 'node:24', baseImageDigest: 'sha256:ab' },
    { version: '1.2.3', baseImage: `node@${DIGEST}`, baseImageDigest: `sha256:${'0b'.repeat(32)}` },
    { version: '', baseImage: 'node:24' },
  ])
    await expect(deploy(runtime)).rejects.toMatchObject({ code: 'input-invalid', details: { what: 'runtime' } })
  expect(await prod.deployments()).toEqual([])
  await (await deploy({ version: '1.2.3', baseImage: 'node:24' })).completed()
  await (await deploy({ version: '1.2.4', baseImage: `node:24@${DIGEST}` }, 'shop:2')).completed()
  const [second, first] = await prod.deployments()
  expect([first?.runtime?.pinned, second?.runtime]).toEqual([
    false,
    { version: '1.2.4', baseImage: `node:24@${DIGEST}`, baseImageDigest: DIGEST, pinned: true },
  ])
  expect((await prod.versions()).workloads[0]?.runtime).toEqual(second?.runtime)
})

test('DEPLOY 11: a rollback is a new deployment of the older commit: the versions before it stay what they were', async () => {
  const { prod, deploy } = await runningWorld()
  const first = await deploy(checkout('shop:1'), { commit: 'c1' })
  const second = await deploy(checkout('shop:2'), { commit: 'c2' })
  const back = await deploy(checkout('shop:1'), { commit: 'c1' })
  const ran = async (at?: { deployment: string }) => {
    const [workload] = (await prod.versions(at === undefined ? {} : { at })).workloads
    return [workload?.image, workload?.deployment?.id, workload?.deployment?.commit]
  }
  expect(await ran()).toEqual(['shop:1', back.id, 'c1'])
  expect(await ran({ deployment: second.id })).toEqual(['shop:2', second.id, 'c2'])
  expect(await ran({ deployment: first.id })).toEqual(['shop:1', first.id, 'c1'])
  expect((await prod.history('service/checkout')).map(({ deployment }) => deployment?.id)).toEqual([
    first.id,
    second.id,
    back.id,
  ])
  expect((await prod.causedBy({ commit: 'c1' })).deployments.map(({ id }) => id).toSorted()).toEqual(
    [first.id, back.id].toSorted(),
  )
})
