import { expect, test } from 'vitest'
import { ada, rollout, shop, world } from './ledger.fixture.ts'
import type { World } from './ledger.fixture.ts'

const nothing = { services: [], needs: [] }

/** Things that another tool made, imported from a state of it. */
async function legacy(...made: (readonly [kind: string, name: string, properties?: object])[]): Promise<World> {
  const set = await world()
  const nodes = made.map(([kind, name, properties = {}]) => {
    const ref = set.cloud.console('linus').create(kind, name, { ...properties })
    return { address: `${kind}.${name}`, kind, key: name, ref, properties: { ...properties } }
  })
  const source = { type: 'terraform', name: 'legacy.tfstate', digest: 'd1', lineage: 'legacy', serial: 1 }
  await set.prod.import({ source, nodes, edges: [] }, ada)
  return set
}

const writes = ({ cloud }: World, name: string) => cloud.calls({ name, effect: true }).map(({ operation }) => operation)

test('OWN 1: what another tool made is neither written, reverted nor removed, until a person hands it over', async () => {
  const set = await legacy(['network', 'shared'], ['bucket', 'receipts', { versioning: false, publicAccess: false }])
  const { prod, cloud, deploy } = set
  await expect(deploy(shop)).rejects.toMatchObject({ code: 'deployment-failed' })
  await prod.bind({ need: 'bucket/receipts', resource: 'bucket/receipts', reason: 'it is this one' }, ada)
  await deploy(shop)
  cloud.console('mallory').modify('bucket/receipts', { publicAccess: true })
  await deploy(rollout('checkout:2'))
  await deploy(nothing)
  expect(writes(set, 'receipts')).toEqual([])
  expect(writes(set, 'shared')).toEqual([])
  const { notices } = await prod.plan({ model: shop })
  expect(notices).toMatchObject([{ type: 'observed', node: 'bucket/receipts' }])

  await prod.manage({ node: 'bucket/receipts', reason: 'ours now' }, ada)
  await deploy(shop)
  expect(cloud.inspect.resource('bucket/receipts')?.properties).toMatchObject({ versioning: true })
})

test('OWN 4: while resources exist that a need could be, the deployment ends before anything is made, and says which', async () => {
  const set = await legacy(['sql-instance', 'legacy'], ['bucket', 'old'])
  const { prod, cloud, deploy } = set
  const error: unknown = await deploy(shop).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'deployment-failed' })
  expect(String(error)).toContain('sql-database/orders could be sql-instance/legacy')
  expect(cloud.calls({ operation: 'create' })).toEqual([])
  await prod.bind({ need: 'sql-database/orders', resource: 'sql-instance/legacy', reason: 'it holds them' }, ada)
  await deploy(shop, { create: ['bucket/receipts'] })
  expect(cloud.calls({ operation: 'create', effect: true }).map(({ name }) => name)).toEqual([
    'prod-receipts',
    'prod-checkout',
  ])
  expect((await prod.graph()).dependents('sql-instance/legacy').map(({ id }) => id)).toEqual(['sql-database/orders'])
})

test('OWN 1, OWN 4: nothing is made on another tool’s instance, also where it has the name of ours', async () => {
  const set = await legacy(['sql-instance', 'main'])
  const error: unknown = await set.deploy(shop, { create: 'all' }).catch((thrown: unknown) => thrown)
  expect(String(error)).toContain('sql-instance/main, which is only observed')
  expect(set.cloud.calls({ operation: 'create' })).toEqual([])
})

test('OWN 4: values that the code declares reach the resource that a need is bound to', async () => {
  const set = await legacy(['bucket', 'old', { versioning: false }])
  const { prod, cloud, deploy } = set
  await deploy(shop, { create: 'all' })
  await prod.manage({ node: 'bucket/old', reason: 'ours now' }, ada)
  await prod.bind({ need: 'bucket/receipts', resource: 'bucket/old', reason: 'it has the receipts' }, ada)
  await deploy(rollout('checkout:2'))
  expect(cloud.inspect.resource('bucket/old')?.properties['versioning']).toBe(true)
})

test('OWN 6: that something vanished is recorded, also where no plan may touch it', async () => {
  const set = await legacy(['sql-instance', 'legacy'])
  set.cloud.itself.lose('sql-instance/legacy')
  await set.deploy({ services: [], needs: ['topic/sales'] })
  expect((await set.prod.drift()).missing).toMatchObject([{ node: 'sql-instance/legacy' }])
  expect(await set.prod.alerts({ open: true })).toMatchObject([{ reason: 'resource-missing' }])
})

test('OWN 2: nothing that was handed over is removed before a model that does without it has been deployed', async () => {
  const set = await legacy(['network', 'shared'])
  await set.prod.manage({ node: 'network/shared', reason: 'ours now' }, ada)
  await expect(set.prod.confirmDeletion({ node: 'network/shared', reason: 'x' }, ada)).rejects.toMatchObject({
    code: 'confirmation-refused',
  })
  await set.prod.reconcile()
  expect(writes(set, 'shared')).toEqual([])
})
