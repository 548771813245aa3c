import { expect, test } from 'vitest'
import type { FakeCloud } from '@infraledger/testkit'
import { gitPush } from '../deployments/trigger.ts'
import type { CloudProvider } from '../cloud/cloud-provider.ts'
import type { Operation } from '../cloud/cloud-provider.ts'
import { ada, world } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'

const push = (commit: string) => gitPush({ commit, ref: 'main', pusher: 'ada' })
const topics = (count: number) => Array.from({ length: count }, (_, index) => `topic/t${index}` as const)

/** The provider, with how many operations were under way at most. */
function counting({ provider }: FakeCloud): { provider: CloudProvider; most: () => number } {
  let [now, most] = [0, 0]
  async function* counted(operation: Operation): Operation {
    now += 1
    most = Math.max(most, now)
    try {
      yield* operation
    } finally {
      now -= 1
    }
  }
  return {
    provider: {
      ...provider,
      create: (...args) => counted(provider.create(...args)),
      update: (...args) => counted(provider.update(...args)),
      remove: (...args) => counted(provider.remove(...args)),
    },
    most: () => most,
  }
}

async function counted(concurrency?: number) {
  const { cloud, clock, store, executor } = await world({ cloud: { latencyMs: 500 } })
  await executor.stop()
  const { provider, most } = counting(cloud)
  const ledger = openLedger({ store, clouds: [provider], clock })
  ledger.runDeployments(concurrency === undefined ? {} : { concurrency })
  return { ledger, prod: ledger.environment('prod'), cloud, clock, most }
}

test.each([1, 3, undefined])(
  'GRAPH 3, DEPLOY 3: with a concurrency of %s so many independent steps run at once',
  async (concurrency) => {
    const { prod, most } = await counted(concurrency)
    const deployment = await prod.deploy({ trigger: push('c1'), model: { services: [], needs: topics(12) } })
    await deployment.completed()
    expect(most()).toBe(concurrency ?? 8)
    const graph = await prod.graph()
    for (const topic of topics(12))
      expect(graph.node(topic)?.cause).toMatchObject({ deployment: deployment.id, step: `create:${topic}` })
  },
)

test('DEPLOY 3: what needs another thing comes after it, however many may run', async () => {
  const { prod, most } = await counted(8)
  const needs = topics(4).map((node, index, all) => ({ node, dependsOn: index === 0 ? [] : [all[index - 1] ?? node] }))
  const deployment = await prod.deploy({ trigger: push('c1'), model: { services: [], needs } })
  const told: string[] = []
  for await (const progress of deployment.progress())
    if (progress.type === 'step-started' || progress.type === 'step-succeeded')
      told.push(`${progress.type} ${progress.node}`)
  expect(told).toEqual(topics(4).flatMap((node) => [`step-started ${node}`, `step-succeeded ${node}`]))
  expect(most()).toBe(1)
})

test('DEPLOY 8: after a failure those under way come to their end, and no more begin', async () => {
  const { prod, cloud } = await counted(3)
  cloud.faults.refuse({ operation: 'create', name: 'prod-t1' })
  const deployment = await prod.deploy({ trigger: push('c1'), model: { services: [], needs: topics(9) } })
  await expect(deployment.completed()).rejects.toMatchObject({ code: 'deployment-failed' })
  const made = cloud.inspect.resources('topic').map(({ ref }) => ref.name)
  expect(made).toContain('prod-t0')
  expect(made).toContain('prod-t2')
  expect(made.length).toBeLessThan(5)
  const graph = await prod.graph()
  expect(graph.nodes({ kind: 'topic' })).toHaveLength(made.length)
  const steps = await deployment.steps()
  expect(steps.filter(({ status }) => status === 'started')).toEqual([])
})

test('DEPLOY 3: in cleanup a removal that is refused keeps no other from going', async () => {
  const { prod, cloud } = await counted(2)
  await (
    await prod.deploy({
      trigger: push('c1'),
      model: { services: [], needs: topics(6).map((id) => id.replace('topic', 'network') as `network/${string}`) },
    })
  ).completed()
  cloud.faults.refuse({ operation: 'remove', name: 'prod-t0' })
  await (await prod.deploy({ trigger: push('c2'), model: { services: [], needs: [] } })).completed()
  expect((await prod.graph()).nodes().map(({ id }) => id)).toEqual(['network/t0'])
})

test('DEPLOY 3: the same deployment runs in the same order again', async () => {
  const told = async (): Promise<unknown[]> => {
    const { prod } = await counted(4)
    const deployment = await prod.deploy({ trigger: push('c1'), model: { services: [], needs: topics(9) } })
    const events: unknown[] = []
    for await (const { deployment: _id, ...progress } of deployment.progress()) events.push(progress)
    return events.map((progress) => JSON.stringify(progress).replaceAll(/"digest":"[^"]*"/g, ''))
  }
  expect(await told()).toEqual(await told())
})

test('runDeployments refuses options that make no sense', async () => {
  const { ledger } = await counted()
  for (const options of [
    { concurrency: 0 },
    { concurrency: 1.5 },
    { concurrency: 1_000 },
    { leaseMs: 10 },
    { leaseMs: 1e9 },
  ])
    expect(() => ledger.runDeployments(options)).toThrow(expect.objectContaining({ code: 'input-invalid' }))
  await ledger.createEnvironment({ name: 'unused', type: 'development', clouds: [] }, ada)
})
