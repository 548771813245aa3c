import { isSimulatedCrash } from '@infraledger/testkit'
import { expect, test } from 'vitest'
import type { RollOutUpdate, WorkloadPage } from '../compute/compute-platform.ts'
import { gitPush } from '../deployments/trigger.ts'
import { checkout, runningWorld } from './compute.fixture.ts'
import { ada } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'

const NAME = 'prod-checkout'

test('COMPUTE 1: what a platform of the environment runs is rolled out there, replica by replica, and the rest goes to the cloud', async () => {
  const { prod, cloud, runner, deploy, clock } = await runningWorld()
  await deploy(checkout('shop:1'))
  expect(cloud.calls({ kind: 'service' })).toEqual([])
  expect(cloud.calls({ operation: 'create', kind: 'sql-instance', effect: true })).toHaveLength(1)
  expect(runner.inspect.workload(NAME)).toMatchObject({
    state: 'steady',
    running: [{ image: 'shop:1', digest: runner.registry.digest('shop:1'), replicas: 3, ready: 3 }],
  })
  const before = clock.now().getTime()
  await deploy(checkout('shop:2'))
  expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(30_000)
  expect((await prod.graph()).node('service/checkout')).toMatchObject({
    ownership: 'managed',
    ref: { provider: 'runner', name: NAME },
    properties: { image: 'shop:2', 'image.digest': runner.registry.digest('shop:2'), replicas: 3 },
  })
  await prod.reconcile()
  expect(await prod.drift()).toMatchObject({ open: [], adopted: [], unmanaged: [], missing: [] })
})

test('COMPUTE 1: without a platform, or without one of the environment, workloads go to the cloud as before', async () => {
  const { ledger, cloud, runner, deploy } = await runningWorld()
  const staging = await ledger.createEnvironment({ name: 'staging', type: 'development', clouds: [cloud.target] }, ada)
  await deploy(checkout('shop:1'), { in: staging })
  expect(runner.inspect.workloads()).toEqual([])
  expect(cloud.inspect.resource('staging-checkout')?.properties).toMatchObject({ image: 'shop:1' })
})

test('COMPUTE 2: a tag that is pushed anew changes nothing that runs, and a rollout under way decides nothing', async () => {
  const { prod, runner, deploy } = await runningWorld()
  await deploy(checkout('shop:1'))
  const before = runner.registry.digest('shop:1')
  const after = runner.registry.push('shop:1')
  await prod.reconcile()
  expect((await prod.graph()).node('service/checkout')?.properties['image.digest']).toBe(before)
  runner.console('grace').restart(NAME)
  expect(await prod.reconcile()).toMatchObject({
    unseen: [{ node: 'service/checkout', reason: 'not settled: rolling-out' }],
  })
  expect(after).not.toBe(before)
  expect((await prod.graph()).node('service/checkout')?.properties['image.digest']).toBe(before)
})

test('COMPUTE 2: a tag that means another digest, and what is rolled out by hand, are adopted like any drift, and attributed', async () => {
  const { prod, runner, clock, deploy } = await runningWorld()
  await deploy(checkout('shop:1'))
  const moved = runner.registry.push('shop:1')
  runner.console('grace').restart(NAME)
  await clock.sleep(60_000)
  await prod.reconcile()
  const properties = (await prod.graph()).node('service/checkout')?.properties
  expect(properties).toMatchObject({ image: 'shop:1', 'image.digest': moved })
  expect(await prod.why('service/checkout', 'image.digest')).toMatchObject({
    cause: { type: 'drift' },
    drift: { attribution: { type: 'user', id: 'grace' } },
  })
  runner.console('linus').rollOut(NAME, { image: 'shop:hotfix' })
  await clock.sleep(60_000)
  await prod.reconcile()
  expect(await prod.why('service/checkout', 'image')).toMatchObject({
    value: 'shop:hotfix',
    drift: { attribution: { type: 'user', id: 'linus' } },
  })
  // The next push of the same code leaves it, one that changes the image takes its place.
  await deploy(checkout('shop:1'))
  expect(runner.inspect.workload(NAME)?.running).toMatchObject([{ image: 'shop:hotfix' }])
  await deploy(checkout('shop:2'))
  expect(runner.inspect.workload(NAME)?.running).toMatchObject([{ image: 'shop:2' }])
})

test('COMPUTE 2: nobody requests or declares a digest beside its image', async () => {
  const { prod, deploy } = await runningWorld()
  await deploy(checkout('shop:1'))
  const set = { 'image.digest': `sha256:${'0a'.repeat(32)}` }
  await expect(prod.requestChange({ node: 'service/checkout', set, reason: 'pin it' }, ada)).rejects.toMatchObject({
    code: 'property-not-changeable',
  })
  const declared = { services: [{ name: 'checkout', properties: set }], needs: [] }
  await expect(prod.plan({ model: declared })).rejects.toMatchObject({ code: 'property-not-changeable' })
})

test.each(['before-call', 'between-call-and-answer', 'while-waiting'] as const)(
  'COMPUTE 5, DEPLOY 7: an executor that dies %s of a rollout is taken over, and the rollout happens once',
  async (point) => {
    const { runner, cloud, clock, store, executor, deploy, prod } = await runningWorld()
    await deploy(checkout('shop:1'))
    runner.faults.crash({ operation: 'update', name: NAME }, point)
    const deployment = await prod.deploy({
      trigger: gitPush({ commit: 'c2', ref: 'main', pusher: 'ada' }),
      model: checkout('shop:2'),
    })
    expect(isSimulatedCrash(await executor.stopped.catch((error: unknown) => error))).toBe(true)
    const restarted = openLedger({ store, clouds: [cloud.provider], platforms: [runner.platform], clock })
    restarted.runDeployments()
    const ended = await restarted.environment('prod').deployment(deployment.id).completed()
    expect(ended.status).toBe('succeeded')
    expect(runner.calls({ operation: 'update', effect: true })).toHaveLength(1)
    expect((await restarted.environment('prod').graph()).node('service/checkout')?.properties).toMatchObject({
      image: 'shop:2',
      'image.digest': runner.registry.digest('shop:2'),
    })
  },
)

test('COMPUTE 5: a rollout that stopped halfway while nobody looked is found out by observing, and a rollback goes on from it', async () => {
  const { runner, cloud, clock, store, executor, deploy, prod } = await runningWorld()
  await deploy(checkout('shop:1'))
  runner.faults.failMidway({ operation: 'update', name: NAME })
  const trigger = gitPush({ commit: 'c2', ref: 'main', pusher: 'ada' })
  const deployment = await prod.deploy({ trigger, model: checkout('shop:2') })
  for await (const progress of deployment.progress())
    if (progress.type === 'step-started' && progress.node === 'service/checkout') break
  await executor.stop()
  await clock.sleep(120_000)
  const restarted = openLedger({ store, clouds: [cloud.provider], platforms: [runner.platform], clock })
  restarted.runDeployments()
  await restarted
    .environment('prod')
    .deployment(deployment.id)
    .completed()
    .catch(() => undefined)
  const again = restarted.environment('prod')
  expect((await again.graph()).node('service/checkout')?.properties['image.running']).toHaveLength(2)
  const back = await again.deploy({ trigger: { ...trigger, commit: 'c1' }, model: checkout('shop:1') })
  await back.completed()
  expect(runner.inspect.workload(NAME)?.running).toMatchObject([{ image: 'shop:1', replicas: 3 }])
})

test('COMPUTE 5: an unknown outcome of a rollout is resolved by observing, whether it happened or not', async () => {
  for (const happened of [true, false]) {
    const { runner, deploy } = await runningWorld()
    await deploy(checkout('shop:1'))
    runner.faults.unknownOutcome({ operation: 'update', name: NAME }, { happened })
    expect((await deploy(checkout('shop:2'))).status).toBe('succeeded')
    expect(runner.calls({ operation: 'update', effect: true })).toHaveLength(1)
  }
})

test('COMPUTE 5: passing failures are tried again, refusals end the deployment and change nothing', async () => {
  const { runner, deploy, failing } = await runningWorld()
  await deploy(checkout('shop:1'))
  runner.faults.retryable({ operation: 'update' }, 2)
  await deploy(checkout('shop:2'))
  runner.faults.refuse({ operation: 'update' })
  await failing(checkout('shop:3'))
  expect(runner.inspect.workload(NAME)?.running).toMatchObject([{ image: 'shop:2', replicas: 3 }])
})

test('COMPUTE 6: an image that is no reference is refused before anything is written', async () => {
  const { prod, runner } = await runningWorld()
  const deploy = prod.deploy({
    trigger: gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' }),
    model: checkout('Shop:1'),
  })
  await expect(deploy).rejects.toMatchObject({
    code: 'input-invalid',
    details: { issues: [{ path: 'service/checkout.image' }] },
  })
  await expect(prod.plan({ model: checkout('shop@sha256:1') })).rejects.toMatchObject({ code: 'input-invalid' })
  expect(await prod.deployments()).toEqual([])
  expect(runner.calls()).toEqual([])
})

test('COMPUTE 6: a platform with the name of a cloud is refused', () => {
  const open = async () => runningWorld({ platform: { name: 'fake' } })
  return expect(open()).rejects.toMatchObject({ code: 'input-invalid', details: { what: 'platforms' } })
})

test('COMPUTE 6: a workload that is no longer declared is removed in cleanup', async () => {
  const { prod, runner, deploy } = await runningWorld()
  await deploy(checkout('shop:1'))
  await deploy({ services: [], needs: ['sql-database/orders'] })
  expect(runner.inspect.workloads()).toEqual([])
  expect((await prod.graph()).node('service/checkout')).toBeUndefined()
})

test('COMPUTE 6: a platform that answers nonsense is not believed: what there is decides', async () => {
  let nonsense = false
  const { prod, runner, deploy } = await runningWorld({
    as: (platform) => ({
      ...platform,
      async *rollOut(request, options) {
        for await (const update of platform.rollOut(request, options))
          yield update.type === 'completed' && request.workload.type === 'existing' && request.image === 'shop:2'
            ? // A platform in JavaScript may answer anything.
              ({ type: 'completed', workload: { image: 42 } } as unknown as RollOutUpdate)
            : update
      },
      async *observe(refs) {
        for await (const page of platform.observe(refs))
          // Likewise.
          yield (
            nonsense ? { ...page, found: page.found.map((found) => ({ ...found, running: 'yes' })) } : page
          ) as WorkloadPage
      },
    }),
  })
  await deploy(checkout('shop:1'))
  expect((await deploy(checkout('shop:2'))).status).toBe('succeeded')
  expect((await prod.graph()).node('service/checkout')?.properties.image).toBe('shop:2')
  nonsense = true
  runner.console('grace').rollOut(NAME, { image: 'shop:3' })
  const scope = { type: 'nodes', nodes: ['service/checkout'] } as const
  const { unseen } = await prod.reconcile({ scope })
  expect(unseen).toMatchObject([{ node: 'service/checkout', reason: expect.stringContaining('no workload: running') }])
  expect((await prod.graph()).node('service/checkout')?.properties.image).toBe('shop:2')
})

test('COMPUTE 2: what somebody runs on the platform without the ledger is unmanaged, and left alone', async () => {
  const { prod, runner, clock, deploy } = await runningWorld()
  runner.console('eve').run('service', 'miner', 'miner:1')
  await clock.sleep(60_000)
  await deploy(checkout('shop:1'))
  expect((await prod.drift()).unmanaged).toMatchObject([{ ref: { provider: 'runner', name: 'miner' } }])
  expect(runner.inspect.workload('miner')).toMatchObject({ state: 'steady' })
})
