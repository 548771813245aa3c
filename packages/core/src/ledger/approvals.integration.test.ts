import { expect, test } from 'vitest'
import { user } from '../access/actor.ts'
import { gitPush } from '../deployments/trigger.ts'
import { ada, grace, planThatWaits, shop, world } from './ledger.fixture.ts'
import type { World } from './ledger.fixture.ts'

const push = (commit: string) => gitPush({ commit, ref: 'main', pusher: 'linus' })
const more = { ...shop, needs: [...shop.needs, 'topic/sales' as const] }
const main = 'sql-instance/main' as const

async function shopThatWaits(): Promise<World> {
  const set = await world()
  await set.prod.grantRole({ subject: 'linus', role: 'member' }, ada)
  await set.deploy(shop)
  await set.prod.changePolicies({ approvals: { required: 1 }, drift: [] }, ada)
  return set
}

test('DEPLOY 4: what changes identities and grants waits for approval as well', async () => {
  const { prod } = await shopThatWaits()
  const grant = { node: 'grant/checkout-receipts' as const, properties: { operations: ['write'] } }
  const deployment = await prod.deploy({
    trigger: push('c2'),
    model: { ...shop, needs: [...shop.needs, 'identity/checkout', grant] },
  })
  await planThatWaits(deployment)
  expect((await deployment.read()).status).toBe('waiting-for-approval')
})

test('DEPLOY 4: so does what another one’s request, a reversal, or a removal would change', async () => {
  const { prod, cloud, deploy } = await shopThatWaits()
  cloud.console('mallory').modify('prod-main', { 'network.publicAccess': true })
  const deployment = await prod.deploy({ trigger: push('c2'), model: shop })
  await deployment.approve({ digest: await planThatWaits(deployment) }, ada)
  await deployment.completed()
  await prod.requestChange({ node: main, set: { 'backup.retentionDays': 14 }, reason: 'audit' }, grace)
  const second = await prod.deploy({ trigger: push('c3'), model: shop })
  await planThatWaits(second)
  await second.cancel({ reason: 'not now' }, ada)
  // The application alone does not wait, and takes no request along that would.
  expect(await deploy(shop, { requests: 'none' })).toMatchObject({ status: 'succeeded', approvals: [] })
})

test('DEPLOY 4, DEPLOY 5: a plan that waited is made again from the world as it is then; an approval of another one is void', async () => {
  const { prod, cloud } = await shopThatWaits()
  await prod.requestChange({ node: main, set: { 'backup.retentionDays': 14 }, reason: 'audit' }, grace)
  const deployment = await prod.deploy({ trigger: push('c2'), model: shop })
  const digest = await planThatWaits(deployment)
  cloud.console('mallory').modify('prod-main', { 'backup.retentionDays': 3 })
  await deployment.approve({ digest }, ada)
  const again = await planThatWaits(deployment, digest)
  const [step] = await deployment.steps()
  expect(step).toMatchObject({ changes: { 'backup.retentionDays': 14 }, expected: { 'backup.retentionDays': 3 } })
  await deployment.approve({ digest: again }, ada)
  expect(await deployment.completed()).toMatchObject({ status: 'succeeded', approvals: [{ digest: again }] })
  expect(cloud.inspect.resource('prod-main')?.properties['backup.retentionDays']).toBe(14)
})

test('DEPLOY 4: an approval that a policy asks for meanwhile is asked for, also of a plan that had enough', async () => {
  const { prod } = await shopThatWaits()
  await prod.grantRole({ subject: 'grace', role: 'admin' }, ada)
  const deployment = await prod.deploy({ trigger: push('c2'), model: more })
  const digest = await planThatWaits(deployment)
  await prod.changePolicies({ approvals: { required: 2 }, drift: [] }, ada)
  const again = await planThatWaits(deployment, digest)
  await expect(deployment.approve({ digest }, ada)).rejects.toMatchObject({ code: 'plan-digest-mismatch' })
  await deployment.approve({ digest: again }, ada)
  expect(await deployment.read()).toMatchObject({
    status: 'waiting-for-approval',
    missingApprovals: [{ section: 'infrastructure', missing: 1 }],
  })
  await deployment.approve({ digest: again }, grace)
  expect(await deployment.completed()).toMatchObject({ approvals: [{ by: { id: 'ada' } }, { by: { id: 'grace' } }] })
})

test('DEPLOY 4: one Admin is one approval, however often; who is none approves and rejects nothing', async () => {
  const { prod } = await shopThatWaits()
  await prod.changePolicies({ approvals: { required: 2 }, drift: [] }, ada)
  const deployment = await prod.deploy({ trigger: push('c2'), model: more })
  const digest = await planThatWaits(deployment)
  await deployment.approve({ digest }, ada)
  await deployment.approve({ digest }, ada)
  expect(await deployment.read()).toMatchObject({ status: 'waiting-for-approval', approvals: [{ digest }] })
  const linus = { actor: user('linus') }
  await expect(deployment.approve({ digest }, linus)).rejects.toMatchObject({ code: 'role-required' })
  await expect(deployment.reject({ digest, reason: 'x' }, linus)).rejects.toMatchObject({ code: 'role-required' })
})

test('DEPLOY 2: a newer trigger supersedes a deployment that waits, and its change requests ride along', async () => {
  const { prod } = await shopThatWaits()
  const { request } = await prod.requestChange(
    { node: main, set: { 'backup.retentionDays': 14 }, reason: 'audit' },
    grace,
  )
  const first = await prod.deploy({ trigger: push('c2'), model: shop })
  const digest = await planThatWaits(first)
  const second = await prod.deploy({ trigger: push('c3'), model: shop })
  await expect(first.approve({ digest }, ada)).rejects.toMatchObject({ code: 'deployment-ended' })
  expect(await first.read()).toMatchObject({ status: 'superseded' })
  await second.approve({ digest: await planThatWaits(second) }, ada)
  expect(await second.completed()).toMatchObject({ requests: [request] })
})
