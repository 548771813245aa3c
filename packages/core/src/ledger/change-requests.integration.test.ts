import { describe, expect, test } from 'vitest'
import { gitPush } from '../deployments/trigger.ts'
import type { NodeProperties } from '../graph/kind-properties.ts'
import { ada, grace, planThatWaits, rollout, shop, world } from './ledger.fixture.ts'
import type { World } from './ledger.fixture.ts'

const main = 'sql-instance/main' as const
const days = 'backup.retentionDays'

const updates = ({ cloud }: World) => cloud.calls({ operation: 'update', kind: 'sql-instance', effect: true }).length

async function deployed(options: Parameters<typeof world>[0] = {}): Promise<World> {
  const made = await world(options)
  await made.deploy(shop)
  return made
}

const wish = ({ prod }: World, set: NodeProperties<'sql-instance'>, more = {}) =>
  prod.requestChange({ node: main, set, reason: 'audit', acknowledgeDowntime: true, ...more }, grace)

describe('riding along', () => {
  test('CHANGE 4: one person’s request ships with another one’s push, and both know of each other', async () => {
    const set = await deployed()
    const { prod, cloud, deploy } = set
    const { request } = await wish(set, { [days]: 14 })
    expect(await prod.requests({ status: 'pending' })).toHaveLength(1)
    await prod.grantRole({ subject: 'linus', role: 'member' }, ada)
    const deployment = await deploy(rollout('checkout:2'), { pusher: 'linus', commit: 'c2' })
    expect(deployment).toMatchObject({ requests: [request], triggeredBy: { id: 'linus' } })
    const [applied] = await prod.requests()
    expect(applied).toMatchObject({ status: 'applied', deployments: [deployment.id], requester: { id: 'grace' } })
    expect(cloud.inspect.resource('prod-main')?.properties[days]).toBe(14)
    expect((await prod.graph()).node(main)?.cause).toMatchObject({ deployment: deployment.id, requests: [request] })
    expect((await prod.causedBy({ user: 'grace' })).versions).toMatchObject([{ node: main }])
  })

  test('CHANGE 8: a deployment takes what is due, nothing, or what is named', async () => {
    const set = await deployed()
    const { prod, deploy } = set
    const first = await wish(set, { [days]: 14 })
    const second = await wish(set, { 'labels["team"]': 'core' })
    expect(await deploy(shop, { requests: 'none' })).toMatchObject({ requests: [] })
    expect(await deploy(shop, { requests: [second.request] })).toMatchObject({ requests: [second.request] })
    expect(await prod.requests({ status: 'pending' })).toMatchObject([{ request: first.request }])
  })

  test('CHANGE 4: a request that is made while a plan waits becomes part of it, and its approval is void', async () => {
    const set = await world({ approvals: 1 })
    const { prod, cloud } = set
    const approved = async (commit: string, model = shop) => {
      const deployment = await prod.deploy({ trigger: gitPush({ commit, ref: 'main', pusher: 'ada' }), model })
      return { deployment, digest: await planThatWaits(deployment) }
    }
    const first = await approved('c1')
    await first.deployment.approve({ digest: first.digest }, ada)
    await first.deployment.completed()

    const { deployment, digest } = await approved('c2', { ...shop, needs: [...shop.needs, 'topic/sales'] })
    const { request } = await wish(set, { [days]: 14 })
    const again = await planThatWaits(deployment, digest)
    expect(await deployment.read()).toMatchObject({
      status: 'waiting-for-approval',
      approvals: [],
      requests: [request],
    })
    expect(cloud.calls({ operation: 'create', kind: 'topic' })).toEqual([])
    await deployment.approve({ digest: again }, ada)
    expect(await deployment.completed()).toMatchObject({ status: 'succeeded', requests: [request] })
  })
})

describe('staying pending', () => {
  test('CHANGE 5: when its step fails, and then ships with the next deployment', async () => {
    const set = await deployed()
    const { prod, cloud, deploy } = set
    const { request } = await wish(set, { [days]: 14 })
    const fault = cloud.faults.refuse({ operation: 'update', kind: 'sql-instance' })
    await expect(deploy(shop)).rejects.toMatchObject({ code: 'deployment-failed' })
    expect(await prod.requests({ status: 'pending' })).toMatchObject([{ request, deployments: [] }])
    fault.lift()
    await deploy(shop)
    expect(await prod.requests()).toMatchObject([{ request, status: 'applied' }])
  })

  test('CHANGE 5: while the provider has put its value off, without being sent again; it is applied when that is in force', async () => {
    const set = await deployed()
    const { prod, cloud, clock, deploy } = set
    const { request, impact } = await wish(set, { tier: 'large' })
    expect(impact).toBe('maintenance-window')
    const deployment = await deploy(shop)
    expect(cloud.inspect.resource('prod-main')?.properties['tier']).toBe('small')
    expect(await prod.requests()).toMatchObject([{ request, status: 'pending' }])
    await deploy(rollout('checkout:2'))
    expect(updates(set)).toBe(1)
    await clock.advanceTo('2026-03-08T05:00:00Z')
    await prod.reconcile()
    expect(await prod.requests()).toMatchObject([{ request, status: 'applied', deployments: [deployment.id] }])
    expect((await prod.graph()).node(main)).toMatchObject({
      properties: { tier: 'large' },
      cause: { type: 'deployment', deployment: deployment.id, requests: [request] },
    })
  })

  test('CHANGE 5: what somebody withdrew from the provider before anybody looked is sent again', async () => {
    const set = await deployed()
    const { prod, cloud, deploy } = set
    await wish(set, { tier: 'large' })
    await deploy(shop)
    cloud.console('mallory').modify('prod-main', { tier: 'small' })
    await prod.reconcile()
    await deploy(rollout('checkout:2'))
    expect(cloud.inspect.resource('prod-main')?.deferred).toEqual({ tier: 'large' })
  })

  test('CHANGE 4: a request takes back what the provider has put off', async () => {
    const set = await deployed()
    const { prod, cloud, clock, deploy } = set
    await deploy({ ...shop, needs: [...shop.needs, { node: main, properties: { tier: 'large' } }] })
    expect(cloud.inspect.resource('prod-main')?.deferred).toEqual({ tier: 'large' })
    await wish(set, { tier: 'small' })
    await deploy({ ...shop, needs: [...shop.needs, { node: main, properties: { tier: 'large' } }] })
    expect(cloud.inspect.resource('prod-main')?.deferred).toEqual({})
    await clock.advanceTo('2026-03-08T05:00:00Z')
    await prod.reconcile()
    expect((await prod.graph()).node(main)?.properties.tier).toBe('small')
    expect(await prod.requests({ status: 'pending' })).toEqual([])
    expect((await prod.drift()).inFlight).toEqual([])
  })
})

describe('when', () => {
  test('CHANGE 8: what interrupts waits for the maintenance window, and no push takes it along before', async () => {
    const set = await deployed()
    const { cloud, clock, deploy } = set
    const { impact, when } = await wish(set, { 'parameters["max_connections"]': '200' })
    expect({ impact, when }).toEqual({ impact: 'restart', when: { type: 'maintenance-window' } })
    await deploy(rollout('checkout:2'))
    expect(updates(set)).toBe(0)
    await clock.advanceTo('2026-03-08T03:05:00Z')
    await deploy(rollout('checkout:3'))
    expect(cloud.inspect.resource('prod-main')?.properties['parameters["max_connections"]']).toBe('200')
  })

  test('CHANGE 8: its requester may want it now', async () => {
    const set = await deployed()
    const { cloud, deploy } = set
    await wish(set, { 'parameters["max_connections"]': '200' }, { when: { type: 'next-deployment' } })
    await deploy(rollout('checkout:2'))
    expect(cloud.inspect.resource('prod-main')?.properties['parameters["max_connections"]']).toBe('200')
  })

  test('CHANGE 8: what the provider itself puts off is left to it, and interrupts nobody at noon', async () => {
    const set = await deployed()
    await wish(set, { tier: 'large' })
    await set.deploy(rollout('checkout:2'))
    expect(set.cloud.inspect.resource('prod-main')).toMatchObject({
      properties: { tier: 'small' },
      deferred: { tier: 'large' },
    })
  })

  test('CHANGE 8: a change of the code that interrupts waits for the window as well', async () => {
    const set = await deployed()
    await set.deploy({ ...shop, needs: [...shop.needs, { node: main, properties: { tier: 'large' } }] })
    expect(set.cloud.inspect.resource('prod-main')?.deferred).toEqual({ tier: 'large' })
  })
})

describe('what is so already', () => {
  test('CHANGE 7: a request whose value somebody has set meanwhile has converged, and is not written again', async () => {
    const set = await deployed()
    const { prod, cloud, deploy } = set
    const { request } = await wish(set, { [days]: 14 })
    cloud.console('mallory').modify('prod-main', { [days]: 14 })
    await deploy(rollout('checkout:2'))
    expect(updates(set)).toBe(0)
    expect(await prod.requests()).toMatchObject([{ request, status: 'converged' }])
    expect((await prod.graph()).node(main)?.cause).toMatchObject({ type: 'change-request', request })
  })

  test('CHANGE 7, DRIFT 15: so has one that the provider has grown beyond by itself', async () => {
    const set = await deployed()
    const { prod, cloud, deploy } = set
    const { request } = await wish(set, { 'storage.gib': 50 })
    cloud.itself.growStorage('prod-main', 60)
    await deploy(rollout('checkout:2'))
    expect(updates(set)).toBe(0)
    expect(await prod.requests()).toMatchObject([{ request, status: 'converged' }])
    expect((await prod.graph()).node(main)?.properties['storage.gib']).toBe(60)
  })

  test('CHANGE 4: somebody’s change is overwritten by the request that it met, and both are known', async () => {
    const set = await deployed()
    const { prod, cloud, deploy } = set
    await wish(set, { [days]: 14 })
    cloud.console('mallory').modify('prod-main', { [days]: 3 })
    await deploy(rollout('checkout:2'))
    expect(cloud.inspect.resource('prod-main')?.properties[days]).toBe(14)
    expect(await prod.requests({ status: 'pending' })).toEqual([])
    expect((await prod.drift()).open).toEqual([])
  })
})

describe('taking back', () => {
  test('CHANGE 6: its requester or an Admin withdraws it, nobody once it is being applied', async () => {
    const set = await deployed()
    const { prod, cloud } = set
    const { request } = await wish(set, { [days]: 14 })
    await expect(
      prod.withdraw({ request, reason: 'x' }, { actor: { ...ada.actor, id: 'linus' } }),
    ).rejects.toMatchObject({
      code: 'requester-or-admin-required',
    })
    const deployment = await prod.deploy({
      trigger: gitPush({ commit: 'c2', ref: 'main', pusher: 'ada' }),
      model: shop,
    })
    for await (const progress of deployment.progress()) if (progress.type === 'phase-started') break
    await expect(prod.withdraw({ request, reason: 'x' }, grace)).rejects.toMatchObject({ code: 'change-being-applied' })
    await deployment.completed()
    expect(cloud.inspect.resource('prod-main')?.properties[days]).toBe(14)
    expect(await prod.requests()).toMatchObject([{ request, status: 'applied' }])
  })

  test('CHANGE 6: what was withdrawn while a plan waited is not applied', async () => {
    const set = await world({ approvals: 1 })
    const { prod, cloud } = set
    const first = await prod.deploy({ trigger: gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' }), model: shop })
    await first.approve({ digest: await planThatWaits(first) }, ada)
    await first.completed()
    const { request } = await wish(set, { [days]: 14 })
    const second = await prod.deploy({ trigger: gitPush({ commit: 'c2', ref: 'main', pusher: 'ada' }), model: shop })
    const digest = await planThatWaits(second)
    await prod.withdraw({ request, reason: 'not needed' }, grace)
    await expect(second.approve({ digest }, ada)).rejects.toMatchObject({ name: 'LedgerError' })
    expect(await second.completed()).toMatchObject({ status: 'succeeded', requests: [] })
    expect(cloud.inspect.resource('prod-main')?.properties[days]).toBe(7)
  })
})

test('PROTECT 4: nobody requests that deletion protection is switched off', async () => {
  const set = await deployed()
  await expect(wish(set, { deletionProtection: false })).rejects.toMatchObject({ code: 'property-not-changeable' })
})

test('OWN 4: a wish about a need is one about the resource that satisfies it', async () => {
  const { prod, cloud, deploy } = await world()
  cloud.console('linus').create('bucket', 'old', { versioning: false })
  await prod.reconcile()
  await prod.importObservations([{ ...reading, observations: cloud.inspect.resources('bucket') }], ada)
  const [old] = (await prod.graph()).nodes({ kind: 'bucket' })
  if (old === undefined) throw new Error('nothing was imported')
  await expect(deploy(shop)).rejects.toMatchObject({ code: 'deployment-failed' })
  await prod.bind({ need: 'bucket/receipts', resource: old.id, reason: 'it is this one' }, ada)
  await prod.manage({ node: old.id, reason: 'ours now' }, ada)
  await deploy(shop)
  expect(cloud.inspect.resource('old')?.properties['versioning']).toBe(true)
  const asked = await prod.requestChange({ node: 'bucket/receipts', set: { publicAccess: true }, reason: 'x' }, grace)
  expect(asked.node).toBe(old.id)
  await deploy(rollout('checkout:2'))
  expect(cloud.inspect.resource('old')?.properties['publicAccess']).toBe(true)
})

const reading = { source: { name: 'scan.json', digest: 'ab'.repeat(32) }, complete: false }
