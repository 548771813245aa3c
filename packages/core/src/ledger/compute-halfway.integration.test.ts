import { expect, test } from 'vitest'
import { checkout, runningWorld } from './compute.fixture.ts'

const NAME = 'prod-checkout'

test('COMPUTE 3, DEPLOY 3: a rollout that stops halfway fails the deployment, says what runs, and nothing is cleaned up', async () => {
  const { prod, runner, deploy, failing } = await runningWorld()
  await deploy({ ...checkout('shop:1'), needs: ['sql-database/orders', 'cache/sessions', 'network/old'] })
  runner.faults.failMidway({ operation: 'update', name: NAME })
  const failed = await failing(checkout('shop:2'))
  expect(failed.reason).toContain('did not become ready')
  expect(runner.inspect.workload(NAME)).toMatchObject({
    state: 'stopped-halfway',
    running: [
      { image: 'shop:2', replicas: 1 },
      { image: 'shop:1', replicas: 2 },
    ],
  })
  const graph = await prod.graph()
  expect(graph.node('network/old')).toBeDefined()
  const service = graph.node('service/checkout')
  expect(service?.cause).toMatchObject({ type: 'deployment', deployment: failed.id })
  expect(service?.properties.image).toBeUndefined()
  expect(service?.properties['image.running']).toEqual([
    `shop:1@${runner.registry.digest('shop:1')}`,
    `shop:2@${runner.registry.digest('shop:2')}`,
  ])
  await prod.reconcile()
  expect(await prod.history('service/checkout')).toHaveLength(2)
})

test('COMPUTE 4: after a rollout that stopped halfway, the next deployment goes on from what there is', async () => {
  const { prod, runner, deploy, failing } = await runningWorld()
  await deploy(checkout('shop:1'))
  runner.faults.failMidway({ operation: 'update', name: NAME })
  await failing(checkout('shop:2'))
  await deploy(checkout('shop:2'))
  expect(runner.inspect.workload(NAME)).toMatchObject({ state: 'steady', running: [{ image: 'shop:2', replicas: 3 }] })
  const properties = (await prod.graph()).node('service/checkout')?.properties
  expect(properties).toMatchObject({ image: 'shop:2' })
  expect(properties).not.toHaveProperty(['image.running'])
})

test('COMPUTE 4, DEPLOY 11: after a rollout that stopped halfway, a rollback is a deployment of the older commit', async () => {
  const { prod, runner, deploy, failing } = await runningWorld()
  const first = await deploy(checkout('shop:1'), { commit: 'old' })
  runner.faults.failMidway({ operation: 'update', name: NAME })
  await failing(checkout('shop:2'))
  const back = await deploy(checkout('shop:1'), { commit: 'old' })
  expect(runner.inspect.workload(NAME)).toMatchObject({ state: 'steady', running: [{ image: 'shop:1', replicas: 3 }] })
  expect(await prod.why('service/checkout', 'image')).toMatchObject({
    value: 'shop:1',
    deployment: { id: back.id, commit: 'old' },
  })
  expect(back.id).not.toBe(first.id)
  expect(await prod.history('service/checkout')).toHaveLength(3)
})

test('COMPUTE 4: a first rollout that stops halfway is taken up by the next deployment, not made again', async () => {
  const { runner, prod, deploy, failing } = await runningWorld()
  runner.faults.failMidway({ operation: 'create', kind: 'service' })
  await failing(checkout('shop:1'))
  expect((await prod.graph()).node('service/checkout')).toMatchObject({ ownership: 'managed' })
  await deploy(checkout('shop:1'))
  expect(runner.inspect.workloads()).toMatchObject([{ state: 'steady', running: [{ image: 'shop:1', replicas: 3 }] }])
  expect(runner.calls({ operation: 'create', effect: true })).toHaveLength(1)
  expect(
    (await prod.graph())
      .dependents('sql-database/orders')
      .filter(({ id }) => id.startsWith('service/'))
      .map(({ id }) => id),
  ).toEqual(['service/checkout'])
})

test('COMPUTE 3: a rollout that the platform undid by itself fails the deployment, and the old image stays what runs', async () => {
  const { prod, runner, deploy, failing } = await runningWorld({
    as: (platform) => ({
      ...platform,
      async *rollOut(request, options) {
        const old = request.image === 'shop:2' ? runner.inspect.workload(NAME) : undefined
        if (old === undefined) yield* platform.rollOut(request, options)
        else yield { type: 'failed', workload: old, reason: 'the circuit breaker tripped' }
      },
    }),
  })
  await deploy(checkout('shop:1'))
  const { reason } = await failing(checkout('shop:2'))
  expect(reason).toContain('the circuit breaker tripped; shop:1 runs now')
  expect(await prod.history('service/checkout')).toHaveLength(1)
  expect((await prod.versions()).workloads[0]).toMatchObject({ image: 'shop:1', deployment: { commit: 'c1' } })
})

test('COMPUTE 4: a rollout that went on after it was given up is no reason to leave the older commit alone', async () => {
  const { prod, runner, clock, deploy, failing } = await runningWorld()
  await deploy(checkout('shop:1'))
  runner.faults.failMidway({ operation: 'update', name: NAME })
  await failing(checkout('shop:2'))
  // What the platform does when the new replicas become ready after all.
  runner.console('controller').restart(NAME)
  await clock.sleep(60_000)
  await prod.reconcile()
  expect((await prod.versions()).workloads[0]).toMatchObject({ image: 'shop:2', cause: { type: 'drift' } })
  await deploy(checkout('shop:1'))
  expect(runner.inspect.workload(NAME)?.running).toMatchObject([{ image: 'shop:1', replicas: 3 }])
})
