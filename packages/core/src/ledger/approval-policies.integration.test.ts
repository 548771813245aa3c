import { expect, test } from 'vitest'
import { user } from '../access/actor.ts'
import { gitPush } from '../deployments/trigger.ts'
import { ada, grace, planThatWaits, rollout, shop, world } from './ledger.fixture.ts'
import type { World } from './ledger.fixture.ts'

const linus = { actor: user('linus') }
const push = (commit: string, pusher = 'ada') => gitPush({ commit, ref: 'main', pusher })
const more = { ...shop, needs: [...shop.needs, 'topic/sales' as const] }
const main = 'sql-instance/main' as const

/** The shop runs; ada, grace and linus are Admins; approvals are as given from then on. */
async function governed(approvals: { required: number } & Record<string, unknown>, cloud = {}): Promise<World> {
  const set = await world({ cloud })
  await set.deploy(shop)
  for (const subject of ['grace', 'linus']) await set.prod.grantRole({ subject, role: 'admin' }, ada)
  await set.prod.changePolicies({ approvals, drift: [] }, ada)
  return set
}

/** How many events the ledger holds: a refusal adds none. */
/** What the environment's stream holds, but for what executors say of themselves. */
async function eventCount({ store }: World): Promise<number> {
  let count = 0
  for await (const { type } of store.readStream('environment-prod')) if (!type.startsWith('Execution')) count++
  return count
}

test('DEPLOY 5: approved, moved by somebody in the console, planned again, approved again, and then it runs', async () => {
  const { prod, cloud, clock } = await governed({ required: 2 })
  await prod.requestChange({ node: main, set: { 'backup.retentionDays': 14 }, reason: 'audit' }, grace)
  const deployment = await prod.deploy({ trigger: push('c2'), model: shop })
  const digest = await planThatWaits(deployment)
  await deployment.approve({ digest, comment: 'fine' }, ada)
  await clock.sleep(60_000)
  cloud.console('mallory').modify('prod-main', { 'labels["team"]': 'blue' })
  await clock.sleep(60_000)
  await prod.reconcile()
  const again = await planThatWaits(deployment, digest)
  const { voidings, approvals, id } = await deployment.read()
  expect({ id, approvals }).toEqual({ id: deployment.id, approvals: [] })
  expect(voidings).toMatchObject([
    { digest, moved: [{ input: `node ${main}`, from: 'version 1', by: 'user mallory', cause: 'drift' }] },
  ])
  expect(await prod.alerts({ open: true })).toMatchObject([{ reason: 'approval-voided' }])
  await expect(deployment.approve({ digest }, ada)).rejects.toMatchObject({ code: 'plan-digest-mismatch' })
  await deployment.approve({ digest: again }, ada)
  await deployment.approve({ digest: again }, linus)
  expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
  expect(cloud.inspect.resource('prod-main')?.properties['backup.retentionDays']).toBe(14)
})

test('DEPLOY 5: drift on what the plan does not touch voids nothing', async () => {
  const { prod, cloud } = await governed({ required: 2 })
  const deployment = await prod.deploy({ trigger: push('c2'), model: more })
  const digest = await planThatWaits(deployment)
  await deployment.approve({ digest }, ada)
  cloud.console('mallory').modify('prod-receipts', { 'labels["team"]': 'blue' })
  await prod.reconcile()
  expect(await deployment.read()).toMatchObject({ planDigest: digest, approvals: [{ digest }], voidings: [] })
  await deployment.approve({ digest }, grace)
  expect(await deployment.completed()).toMatchObject({ status: 'succeeded', planDigest: digest })
})

test('DEPLOY 6: four eyes: neither the trigger nor a requester approves, and a refusal writes nothing', async () => {
  const set = await governed({ required: 1, fourEyes: true })
  const { prod } = set
  await prod.requestChange({ node: main, set: { 'backup.retentionDays': 14 }, reason: 'audit' }, grace)
  const deployment = await prod.deploy({ trigger: push('c2'), model: shop })
  const digest = await planThatWaits(deployment)
  const before = await eventCount(set)
  for (const by of [ada, grace])
    await expect(deployment.approve({ digest }, by)).rejects.toMatchObject({ code: 'four-eyes-required' })
  await expect(deployment.approve({ digest: 'stale' }, linus)).rejects.toMatchObject({ code: 'plan-digest-mismatch' })
  await expect(deployment.approve({ digest, sections: ['iam'] }, linus)).rejects.toMatchObject({
    code: 'input-invalid',
  })
  expect(await eventCount(set)).toBe(before)
  await deployment.approve({ digest }, linus)
  await deployment.completed()
})

test('DEPLOY 6: an approval that has expired does not run the plan; a fresh one does', async () => {
  const { prod, clock } = await governed({ required: 2, expiresAfterHours: 8 })
  const deployment = await prod.deploy({ trigger: push('c2'), model: more })
  const digest = await planThatWaits(deployment)
  await deployment.approve({ digest }, ada)
  await clock.sleep(9 * 3_600_000)
  expect((await deployment.read()).missingApprovals).toMatchObject([{ missing: 2 }])
  await deployment.approve({ digest }, grace)
  for await (const progress of deployment.progress()) if (progress.type === 'approval-voided') break
  expect(await deployment.read()).toMatchObject({
    status: 'waiting-for-approval',
    planDigest: digest,
    approvals: [{ by: { id: 'grace' } }],
    voidings: [{ reason: expect.stringContaining('expired') }],
  })
  await deployment.approve({ digest }, ada)
  expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
})

test('DEPLOY 4: a section of its own is approved by name, and everybody sees what is missing', async () => {
  const { prod } = await governed({ required: 1, sections: { iam: 1 } })
  const model = { ...shop, needs: [...shop.needs, 'topic/sales' as const, 'identity/checkout' as const] }
  const deployment = await prod.deploy({ trigger: push('c2'), model })
  const digest = await planThatWaits(deployment)
  await deployment.approve({ digest }, grace)
  expect((await deployment.read()).missingApprovals).toEqual([{ section: 'iam', missing: 1, named: true }])
  await deployment.approve({ digest, sections: ['iam'], comment: 'least privilege' }, grace)
  expect(await deployment.completed()).toMatchObject({
    approvals: [{}, { sections: ['iam'], comment: 'least privilege' }],
  })
})

test('DEPLOY 13: an emergency runs without approval, alerts, and is open until another Admin has reviewed it', async () => {
  const set = await governed({ required: 2 })
  const { prod } = set
  const emergency = { reason: 'orders are lost' }
  const deployment = await prod.deploy({ trigger: push('c2'), model: more, emergency })
  expect(await deployment.completed()).toMatchObject({ status: 'succeeded', emergency: { ...emergency } })
  expect(await prod.alerts()).toMatchObject([{ reason: 'emergency-deployment', severity: 'critical' }])
  expect((await prod.deployments({ unreviewed: true })).map(({ id }) => id)).toEqual([deployment.id])
  await expect(deployment.review({ comment: 'mine' }, ada)).rejects.toMatchObject({ code: 'four-eyes-required' })
  await deployment.review({ comment: 'was right' }, grace)
  expect(await prod.deployments({ unreviewed: true })).toEqual([])
  expect((await deployment.read()).emergency).toMatchObject({ review: { by: { id: 'grace' }, comment: 'was right' } })
})

test('DEPLOY 6: a rejection keeps its reason, the approvals keep their comments, and the requests stay pending', async () => {
  const { prod } = await governed({ required: 2 })
  const { request } = await prod.requestChange(
    { node: main, set: { 'backup.retentionDays': 14 }, reason: 'audit' },
    grace,
  )
  const deployment = await prod.deploy({ trigger: push('c2'), model: shop })
  const digest = await planThatWaits(deployment)
  await deployment.approve({ digest, comment: 'looks right' }, ada)
  await deployment.reject({ digest, reason: 'not this week' }, linus)
  expect(await deployment.read()).toMatchObject({
    status: 'rejected',
    reason: 'not this week',
    approvals: [{ comment: 'looks right' }],
  })
  expect(await prod.requests()).toMatchObject([{ request, status: 'pending' }])
})

test('DEPLOY 2: a newer trigger supersedes a deployment that was half approved; its approvals do not carry over', async () => {
  const { prod } = await governed({ required: 2 })
  const first = await prod.deploy({ trigger: push('c2'), model: more })
  await first.approve({ digest: await planThatWaits(first) }, ada)
  const second = await prod.deploy({ trigger: push('c3'), model: more })
  await planThatWaits(second)
  expect(await first.read()).toMatchObject({ status: 'superseded', approvals: [{ by: { id: 'ada' } }] })
  expect((await second.read()).missingApprovals).toMatchObject([{ missing: 2 }])
})

test('ACCESS 4: weaker policies wait for another Admin; what waits for approval is asked for no less', async () => {
  const { prod } = await governed({ required: 1 })
  const deployment = await prod.deploy({ trigger: push('c2'), model: more })
  const digest = await planThatWaits(deployment)
  const answer = await prod.changePolicies({ approvals: { required: 0 }, drift: [] }, ada)
  expect(answer).toMatchObject({ status: 'proposed', required: 1, weakens: ['0 instead of 1 approvals for a plan'] })
  if (answer.status !== 'proposed') throw new Error('it was not proposed')
  const { proposal } = answer
  expect((await prod.describe()).policies.approvals.required).toBe(1)
  await expect(prod.approvePolicyChange({ proposal }, ada)).rejects.toMatchObject({ code: 'four-eyes-required' })
  expect(await prod.approvePolicyChange({ proposal, comment: 'a playground' }, grace)).toEqual({ status: 'changed' })
  expect(await prod.policyProposals()).toMatchObject([{ status: 'applied', approvals: [{ comment: 'a playground' }] }])
  await planThatWaits(deployment, digest)
  expect(await deployment.read()).toMatchObject({ status: 'waiting-for-approval', requiredApprovals: 1 })
  expect(await prod.changePolicies({ approvals: { required: 1, fourEyes: true }, drift: [] }, ada)).toEqual({
    status: 'changed',
  })
})

test('DEPLOY 14: a platform upgrade rides along with any deployment, waits like any change, and is written', async () => {
  const baseline = { 'network.tlsRequired': true }
  const { prod, cloud } = await governed({ required: 1 }, { kinds: { 'sql-instance': { baseline } } })
  const deployment = await prod.deploy({ trigger: push('c2'), model: rollout('checkout@sha256:2') })
  const digest = await planThatWaits(deployment)
  expect(await deployment.steps()).toContainEqual(
    expect.objectContaining({
      changes: baseline,
      origins: [{ type: 'platform-upgrade', properties: ['network.tlsRequired'] }],
    }),
  )
  await deployment.approve({ digest }, grace)
  await deployment.completed()
  expect(cloud.inspect.resource('prod-main')?.properties['network.tlsRequired']).toBe(true)
})
