import { expect, test } from 'vitest'
import { user } from '../access/actor.ts'
import { gitPush } from '../deployments/trigger.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { failing, full } from './failing-store.fixture.ts'
import { ada, shop, world } from './ledger.fixture.ts'

const push = (commit: string) => gitPush({ commit, ref: 'main', pusher: 'ada' })

test('DEPLOY 8: a cancellation lets the calls under way come to their end, begins no more, and keeps what was made', async () => {
  const { prod, cloud } = await world()
  const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
  for await (const progress of deployment.progress())
    if (progress.type === 'step-started' && progress.node === 'sql-instance/main') break
  await expect(deployment.cancel({ reason: 'x' }, { actor: user('linus') })).rejects.toMatchObject({
    code: 'role-required',
  })
  await deployment.cancel({ reason: 'not now' }, ada)
  await deployment.cancel({ reason: 'again' }, ada)
  expect(await deployment.read()).toMatchObject({ status: 'running', cancellation: { reason: 'not now' } })
  await expect(deployment.completed()).rejects.toMatchObject({ code: 'deployment-failed' })
  expect(await deployment.read()).toMatchObject({ status: 'cancelled', reason: 'not now' })
  const graph = await prod.graph()
  expect(graph.node('sql-instance/main')?.cause).toMatchObject({ deployment: deployment.id })
  expect(graph.node('service/checkout')).toBeUndefined()
  expect(cloud.calls({ operation: 'create', kind: 'service' })).toEqual([])
})

test('DEPLOY 8: what was to be cancelled when its executor died is looked after, and then cancelled, by the next', async () => {
  const store = failing(inMemoryEventStore())
  const { ledger, prod, cloud, executor } = await world({ store })
  const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
  for await (const progress of deployment.progress())
    if (progress.type === 'step-started' && progress.node === 'sql-instance/main') break
  await deployment.cancel({ reason: 'not now' }, ada)
  store.fail(full())
  await expect(executor.stopped).rejects.toMatchObject({ code: 'store-full' })
  store.fail(undefined)
  ledger.runDeployments()
  await expect(deployment.completed()).rejects.toMatchObject({ code: 'deployment-failed' })
  expect(await deployment.read()).toMatchObject({ status: 'cancelled' })
  expect((await prod.graph()).node('sql-instance/main')).toBeDefined()
  expect(cloud.calls({ operation: 'create', kind: 'service' })).toEqual([])
})

test('DEPLOY 8: a deployment that was cancelled between two steps keeps what it made, and the next one goes on from there', async () => {
  const memory = inMemoryEventStore()
  let isDown = false
  const store: EventStore = {
    ...memory,
    append: (...args) =>
      isDown && args[1].some(({ type, data }) => type === 'PhaseStarted' && data.includes('deploy"'))
        ? Promise.reject(full())
        : memory.append(...args),
  }
  const { ledger, prod, cloud, executor, deploy } = await world({ store })
  isDown = true
  const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
  await expect(executor.stopped).rejects.toMatchObject({ code: 'store-full' })
  isDown = false
  const linus = { actor: user('linus') }
  await expect(deployment.cancel({ reason: 'not now' }, linus)).rejects.toMatchObject({ code: 'role-required' })
  await deployment.cancel({ reason: 'not now' }, ada)
  await expect(deployment.completed()).rejects.toMatchObject({ code: 'deployment-failed' })
  expect((await prod.graph()).node('sql-instance/main')?.cause).toMatchObject({ deployment: deployment.id })
  ledger.runDeployments()
  await deploy(shop)
  expect(cloud.calls({ operation: 'create', effect: true })).toHaveLength(4)
})
