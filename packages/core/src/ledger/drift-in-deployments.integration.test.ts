import { describe, expect, test } from 'vitest'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import { gitPush } from '../deployments/trigger.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import { ada, grace, rollout, shop, world } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'
import type { World } from './ledger.fixture.ts'

const main = 'sql-instance/main' as const
const days = 'backup.retentionDays'

const withInstance = (properties: Record<string, string | number | boolean>, image = 'checkout:1') => ({
  ...rollout(image),
  needs: [...shop.needs, { node: main, properties }],
})
const there = ({ cloud }: World, name = 'sql-instance/prod-main') => cloud.inspect.resource(name)
const recorded = async ({ prod }: World, node: `${string}/${string}` = main) =>
  (await prod.graph()).node(node)?.properties

async function deployed(model = shop, options: Parameters<typeof world>[0] = {}): Promise<World> {
  const made = await world(options)
  await made.deploy(model)
  return made
}

test('DRIFT 3: what somebody changed in the console is adopted before a deployment plans, and stays', async () => {
  const set = await deployed()
  set.cloud.console('mallory').modify('prod-main', { [days]: 3 })
  await set.deploy(rollout('checkout:2'))
  expect(there(set)?.properties[days]).toBe(3)
  expect((await recorded(set))?.[days]).toBe(3)
  expect((await set.prod.graph()).node(main)?.cause.type).toBe('drift')
})

describe('what the provider has put off', () => {
  test('DRIFT 6: is in flight until it lands, and then has the deployment that wrote it as its cause', async () => {
    const set = await deployed(withInstance({ tier: 'small' }))
    const deployment = await set.deploy(withInstance({ tier: 'large' }))
    await set.prod.reconcile()
    expect((await set.prod.drift()).inFlight).toMatchObject([{ node: main, property: 'tier', value: 'large' }])
    expect((await set.prod.drift()).open).toEqual([])
    await set.clock.advanceTo('2026-03-08T05:00:00Z')
    await set.deploy(withInstance({ tier: 'large' }, 'checkout:2'))
    expect(await recorded(set)).toMatchObject({ tier: 'large' })
    expect((await set.prod.why(main, 'tier')).cause).toMatchObject({ type: 'deployment', deployment: deployment.id })
    expect(set.cloud.calls({ operation: 'update', kind: 'sql-instance', effect: true })).toHaveLength(1)
  })

  test('DRIFT 6, DRIFT 18: is taken back by a commit that asks for the value in force', async () => {
    const set = await deployed(withInstance({ tier: 'small' }))
    await set.deploy(withInstance({ tier: 'large' }))
    await set.deploy(withInstance({ tier: 'small' }))
    expect(there(set)).toMatchObject({ properties: { tier: 'small' }, deferred: {} })
    await set.clock.advanceTo('2026-03-08T05:00:00Z')
    await set.prod.reconcile()
    expect(await recorded(set)).toMatchObject({ tier: 'small' })
  })
})

describe('what is enforced', () => {
  test('DRIFT 7: public access in production is reverted by the next deployment, with an alert', async () => {
    const set = await deployed()
    set.cloud.console('mallory').modify('prod-main', { 'network.publicAccess': true })
    const deployment = await set.deploy(rollout('checkout:2'))
    expect(there(set)?.properties['network.publicAccess']).toBe(false)
    expect(await recorded(set)).toMatchObject({ 'network.publicAccess': false })
    expect(await set.prod.alerts({ open: true })).toMatchObject([{ reason: 'enforced-property-drifted', node: main }])
    expect(deployment.status).toBe('succeeded')
    expect((await set.prod.drift()).open).toEqual([])
  })

  test('DRIFT 7: what a policy enforces is reverted, also where it was removed', async () => {
    const labelled = {
      ...shop,
      needs: [shop.needs[0] ?? main, { node: 'bucket/receipts', properties: label } as const],
    }
    const set = await deployed(labelled)
    await set.prod.changePolicies(
      { approvals: { required: 0 }, drift: [{ property: 'labels*', decision: 'enforce', reason: 'billing' }] },
      ada,
    )
    set.cloud.console('mallory').modify('bucket/prod-receipts', { 'labels["team"]': null })
    await set.deploy({ ...labelled, services: rollout('checkout:2').services })
    expect(there(set, 'bucket/prod-receipts')?.properties['labels["team"]']).toBe('core')
  })

  test('DRIFT 7, CHANGE 4: a request may change it, and is applied although somebody has done so already', async () => {
    const set = await deployed()
    set.cloud.console('mallory').modify('prod-main', { 'network.publicAccess': true })
    const wish = { node: main, set: { 'network.publicAccess': true }, reason: 'a migration' } as const
    const { request } = await set.prod.requestChange(wish, grace)
    await set.deploy(rollout('checkout:2'))
    expect(there(set)?.properties['network.publicAccess']).toBe(true)
    expect(await set.prod.requests()).toMatchObject([{ request, status: 'applied' }])
    expect((await set.prod.why(main, 'network.publicAccess')).cause).toMatchObject({ requests: [request] })
  })

  test('DRIFT 15: what only grows is never shrunk, whatever is enforced', async () => {
    const set = await deployed()
    await set.prod.changePolicies(
      { approvals: { required: 0 }, drift: [{ property: 'storage.gib', decision: 'enforce', reason: 'costs' }] },
      ada,
    )
    set.cloud.itself.growStorage('prod-main', 60)
    expect(await set.deploy(rollout('checkout:2'))).toMatchObject({ status: 'succeeded' })
    expect(there(set)?.properties['storage.gib']).toBe(60)
  })
})

test('DRIFT 15: storage that grew by itself stays, whatever the code declared', async () => {
  const set = await deployed(withInstance({ 'storage.gib': 30 }))
  set.cloud.itself.growStorage('prod-main', 60)
  await set.deploy(withInstance({ 'storage.gib': 40 }))
  expect(there(set)?.properties['storage.gib']).toBe(60)
  expect(await recorded(set)).toMatchObject({ 'storage.gib': 60 })
})

test('DRIFT 16, DRIFT 18: a value that the code changes is written over what a policy ignores', async () => {
  const set = await deployed(withInstance({ [days]: 7 }))
  await set.prod.changePolicies(
    { approvals: { required: 0 }, drift: [{ property: days, decision: 'ignore', reason: 'a trial' }] },
    ada,
  )
  set.cloud.console('mallory').modify('prod-main', { [days]: 3 })
  await set.deploy(withInstance({ [days]: 7 }, 'checkout:2'))
  expect(there(set)?.properties[days]).toBe(3)
  await set.deploy(withInstance({ [days]: 10 }))
  expect(there(set)?.properties[days]).toBe(10)
  expect((await set.prod.drift()).open).toEqual([])
})

describe('what is gone', () => {
  test('DRIFT 9: a database is not made again by itself, and what was asked of it waits', async () => {
    const set = await deployed()
    const { request } = await set.prod.requestChange({ node: main, set: { [days]: 14 }, reason: 'audit' }, grace)
    set.cloud.itself.lose('sql-instance/prod-main')
    expect(await set.deploy(rollout('checkout:2'))).toMatchObject({ status: 'succeeded' })
    expect(set.cloud.calls({ operation: 'create', kind: 'sql-instance', effect: true })).toHaveLength(1)
    expect((await set.prod.drift()).missing.map(({ node }) => node)).toContain(main)
    expect(await set.prod.requests({ status: 'pending' })).toMatchObject([{ request }])
    const { notices } = await set.prod.plan({ model: shop })
    expect(notices.filter(({ node }) => node === main).map(({ type }) => type)).toEqual([
      'request-skipped',
      'missing-stateful',
    ])
  })

  test('DRIFT 9, GRAPH 6: what holds no data is made again, related as it was, with what is asked of it', async () => {
    const set = await deployed()
    await set.prod.requestChange({ node: 'service/checkout', set: { replicas: 3 }, reason: 'load' }, grace)
    set.cloud.itself.lose('service/prod-checkout')
    await set.deploy(shop)
    const graph = await set.prod.graph()
    expect(graph.node('service/checkout')).toMatchObject({ incarnation: 2, properties: { replicas: 3 } })
    expect(graph.dependents('sql-database/orders').map(({ id }) => id)).toEqual(['service/checkout'])
    expect(await set.prod.requests()).toMatchObject([{ status: 'applied' }])
  })
})

test('DRIFT 9: what is made again is related as the code says now', async () => {
  const set = await deployed()
  set.cloud.itself.lose('service/prod-checkout')
  await set.deploy({ services: [{ name: 'checkout', image: 'checkout:2' }], needs: shop.needs })
  expect((await set.prod.graph()).node('service/checkout')).toMatchObject({ incarnation: 2 })
  expect((await set.prod.graph()).dependents('sql-database/orders')).toEqual([])
})

test('DEPLOY 8, DRIFT 18: labels that everything is given stay after a deployment that failed', async () => {
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const cloud = fakeCloud({ clock })
  const labelResource = () => ({ owner: 'platform' })
  const ledger = openLedger({ store: inMemoryEventStore(), clouds: [cloud.provider], clock, labelResource })
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'production', clouds: [cloud.target] }, ada)
  ledger.runDeployments()
  const fault = cloud.faults.refuse({ operation: 'create', kind: 'service' })
  for (const commit of ['c1', 'c2']) {
    const deployment = await prod.deploy({ trigger: gitPush({ commit, ref: 'main', pusher: 'ada' }), model: shop })
    await deployment.completed().catch(() => undefined)
    fault.lift()
  }
  expect((await prod.graph()).node('bucket/receipts')?.properties).toMatchObject({ 'labels["owner"]': 'platform' })
  expect(cloud.calls({ operation: 'update' })).toEqual([])
})

describe('what the code says', () => {
  test('DRIFT 18: an environment variable that the code drops goes; backups that it no longer mentions stay', async () => {
    const service = (properties: Record<string, string>) => ({
      services: [{ name: 'checkout', image: 'checkout:1', properties }],
      needs: [{ node: main, properties: { [days]: 14 } }],
    })
    const set = await deployed(service({ 'environment["DEBUG"]': '1' }))
    await set.deploy({ ...service({}), needs: [main] })
    expect(there(set, 'service/prod-checkout')?.properties).not.toHaveProperty('environment["DEBUG"]')
    expect(await recorded(set, 'service/checkout')).not.toHaveProperty('environment["DEBUG"]')
    expect(there(set)?.properties[days]).toBe(14)
  })

  test('DEPLOY 11, DEPLOY 8: after a deployment that failed halfway, the commit before it brings back all that it had changed', async () => {
    const two = (image: string, extra: object = {}) => ({
      services: [
        { name: 'a', image, ...extra },
        { name: 'b', image },
      ],
      needs: ['topic/sales' as const],
    })
    const set = await deployed(two('v1'))
    set.cloud.faults.refuse({ operation: 'update', kind: 'service', name: 'prod-b' }, { times: 1 })
    const uses = { uses: [{ need: 'topic/sales', operations: ['publish'] }], properties: { 'environment["NEW"]': '1' } }
    await expect(set.deploy(two('v2', uses))).rejects.toMatchObject({ code: 'deployment-failed' })
    expect(await recorded(set, 'service/a')).toMatchObject({ image: 'v2' })
    await set.deploy(two('v1'))
    expect(await recorded(set, 'service/a')).toEqual(await recorded(set, 'service/b'))
    expect(there(set, 'service/prod-a')?.properties['image']).toBe('v1')
    expect((await set.prod.graph()).dependents('topic/sales')).toEqual([])
    expect((await set.prod.plan({ model: two('v1') })).steps).toEqual([])
  })
})

const label = { 'labels["team"]': 'core' }
