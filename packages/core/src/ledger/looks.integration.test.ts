import { expect, test } from 'vitest'
import type { FakeCloud } from '@infraledger/testkit'
import { REVISIONS } from '../deployments/decide-revision.ts'
import { gitPush } from '../deployments/trigger.ts'
import type { CloudProvider } from '../cloud/cloud-provider.ts'
import type { Properties } from '../json.ts'
import { ada, grace, planThatWaits, world } from './ledger.fixture.ts'
import type { World } from './ledger.fixture.ts'
import type { DeploymentHandle } from './deployment-handle.ts'
import { openLedger } from './open-ledger.ts'

const push = (commit: string) => gitPush({ commit, ref: 'main', pusher: 'ada' })
const main = 'sql-instance/main' as const
const days = 'backup.retentionDays'
const instance = (properties: Properties, ...others: `${string}/${string}`[]) => ({
  services: [],
  needs: [{ node: main, properties }, ...others],
})

/** A deployed instance, and an executor during whose deployments something happens once the plan has been made. */
async function begun(options: Parameters<typeof world>[0] = {}) {
  const set = await world(options)
  await set.executor.stop()
  let happens: (() => void) | undefined
  const provider = behind(set.cloud.provider, () => {
    happens?.()
    happens = undefined
  })
  const ledger = openLedger({ store: set.store, clouds: [provider], clock: set.clock })
  ledger.runDeployments()
  const prod = ledger.environment('prod')
  return { ...set, ledger, prod, afterPlanning: (deed: () => void) => (happens = deed) }
}

/** The provider, told right before it is asked for single resources: that is when steps look at what they touch. */
function behind(provider: CloudProvider, asked: () => void): CloudProvider {
  return {
    ...provider,
    observe(refs, options) {
      asked()
      return provider.observe(refs, options)
    },
  }
}

const updates = (cloud: FakeCloud) => cloud.calls({ operation: 'update' })
async function types(deployment: DeploymentHandle): Promise<string[]> {
  const told: string[] = []
  for await (const { type } of deployment.progress()) told.push(type)
  return told
}
async function run({ prod }: Pick<World, 'prod'>, model: ReturnType<typeof instance>, commit: string) {
  const deployment = await prod.deploy({ trigger: push(commit), model })
  await deployment.completed()
  return deployment
}

test('DEPLOY 5: what a step touches is looked at right before its call; a change since the plan makes no call, is adopted, and planned anew', async () => {
  const set = await begun()
  await run(set, instance({ [days]: 7 }), 'c1')
  const before = updates(set.cloud).length
  set.afterPlanning(() => set.cloud.console('linus').modify('prod-main', { [days]: 8 }))
  const deployment = await run(set, instance({ [days]: 14 }), 'c2')
  expect(updates(set.cloud).slice(before)).toMatchObject([{ effect: true, outcome: 'answered' }])
  expect(await types(deployment)).toContain('revised')
  const values = (await set.prod.history(main)).map(({ changes }) => changes).flat()
  expect(JSON.stringify(values)).toContain('8')
  expect((await set.prod.why(main, days)).text()).toContain(`by deployment ${deployment.id}`)
  const drifted = (await set.prod.drift()).adopted ?? []
  expect(JSON.stringify(drifted)).toContain('linus')
  expect(set.cloud.inspect.resource('prod-main')?.properties[days]).toBe(14)
})

test('DEPLOY 5: a wish keeps its place: the change is recorded as suppressed, and the call expects what is there now', async () => {
  const set = await begun()
  await run(set, instance({ [days]: 7 }), 'c1')
  await set.prod.requestChange({ node: main, set: { [days]: 14 }, reason: 'audit' }, grace)
  set.afterPlanning(() => set.cloud.console('linus').modify('prod-main', { [days]: 8 }))
  await run(set, instance({ [days]: 7 }), 'c2')
  expect(set.cloud.inspect.resource('prod-main')?.properties[days]).toBe(14)
  expect((await set.prod.requests())[0]).toMatchObject({ status: 'applied' })
})

test('DEPLOY 5: what somebody did already is not done again', async () => {
  const set = await begun()
  await run(set, instance({ [days]: 7 }), 'c1')
  const before = updates(set.cloud).length
  set.afterPlanning(() => set.cloud.console('linus').modify('prod-main', { [days]: 14 }))
  await run(set, instance({ [days]: 14 }), 'c2')
  expect(updates(set.cloud)).toHaveLength(before)
  expect((await set.prod.graph()).node(main)?.properties[days]).toBe(14)
})

test('DEPLOY 5: what is gone is recorded as missing, and no call is made on the thing that bears its name now', async () => {
  const set = await begun()
  await run(set, instance({ [days]: 7 }), 'c1')
  const before = updates(set.cloud).length
  set.afterPlanning(() => {
    const linus = set.cloud.console('linus')
    linus.modify('prod-main', { deletionProtection: false })
    set.cloud.itself.lose('prod-main')
    linus.create('sql-instance', 'prod-main', { [days]: 7 })
  })
  const deployment = await set.prod.deploy({ trigger: push('c2'), model: instance({ [days]: 14 }) })
  await expect(deployment.completed()).rejects.toMatchObject({ code: 'deployment-failed' })
  expect((await types(deployment)).filter((type) => type === 'revised')).toHaveLength(1)
  expect((await deployment.read()).reason).toContain('gone at the provider')
  expect(updates(set.cloud)).toHaveLength(before)
  expect((await set.prod.drift()).missing.map(({ node }) => node)).toEqual([main])
})

test('PROTECT 4: protection is read again right before a removal and its last copy: switched on since the plan, nothing is called', async () => {
  const set = await begun()
  await run(set, instance({ [days]: 7 }), 'c1')
  await (await set.prod.deploy({ trigger: push('c2'), model: { services: [], needs: [] } })).completed()
  set.cloud.console('linus').modify('prod-main', { deletionProtection: false })
  await set.prod.reconcile()
  await set.prod.confirmDeletion({ node: main, reason: 'not needed' }, ada)
  set.afterPlanning(() => set.cloud.console('linus').modify('prod-main', { deletionProtection: true }))
  const deployment = await set.prod.deploy({ trigger: push('c3'), model: { services: [], needs: [] } })
  await deployment.completed()
  expect(set.cloud.calls({ operation: 'snapshot' })).toEqual([])
  expect(set.cloud.calls({ operation: 'remove' })).toEqual([])
  expect((await set.prod.graph()).node(main)?.properties).toMatchObject({ deletionProtection: true })
})

test('DEPLOY 5: a change that somebody has under way is waited for, then looked at', async () => {
  const set = await begun()
  await run(set, instance({ [days]: 7 }), 'c1')
  set.afterPlanning(() => set.cloud.console('linus').modify('prod-main', { tier: 'large' }, { when: 'now' }))
  const deployment = await run(set, instance({ [days]: 14 }), 'c2')
  expect(await types(deployment)).not.toContain('step-failed')
  expect(set.cloud.inspect.resource('prod-main')?.properties).toMatchObject({ [days]: 14, tier: 'large' })
})

test('DEPLOY 5: an approval counts for the plan that it named: planned anew, the deployment waits again', async () => {
  const set = await begun({ approvals: 1 })
  const first = await set.prod.deploy({ trigger: push('c1'), model: instance({ [days]: 7 }) })
  await first.approve({ digest: await planThatWaits(first) }, ada)
  await first.completed()
  const deployment = await set.prod.deploy({ trigger: push('c2'), model: instance({ [days]: 14 }) })
  const digest = await planThatWaits(deployment)
  set.afterPlanning(() => set.cloud.console('linus').modify('prod-main', { [days]: 8 }))
  await deployment.approve({ digest }, ada)
  const second = await planThatWaits(deployment, digest)
  expect(await deployment.read()).toMatchObject({ status: 'waiting-for-approval', approvals: [] })
  expect(set.cloud.inspect.resource('prod-main')?.properties[days]).toBe(8)
  await deployment.approve({ digest: second }, ada)
  await deployment.completed()
  expect(set.cloud.inspect.resource('prod-main')?.properties[days]).toBe(14)
})

test('DEPLOY 5: steps that are done stay done when a later one finds another world', async () => {
  const set = await begun()
  await run(set, instance({ [days]: 7 }), 'c1')
  set.afterPlanning(() => set.cloud.console('linus').modify('prod-main', { [days]: 8 }))
  await run(set, instance({ [days]: 14 }, 'topic/a', 'topic/b'), 'c2')
  expect(set.cloud.calls({ operation: 'create', kind: 'topic' })).toHaveLength(2)
})

test('DEPLOY 5: a world that moves each time ends the deployment with that reason', async () => {
  const set = await world()
  await set.executor.stop()
  let value = 20
  let moves = false
  const provider = behind(set.cloud.provider, () => {
    if (moves) set.cloud.console('linus').modify('prod-main', { [days]: (value += 1) % 30 })
  })
  const ledger = openLedger({ store: set.store, clouds: [provider], clock: set.clock })
  ledger.runDeployments()
  const prod = ledger.environment('prod')
  await run({ prod }, instance({ [days]: 7 }), 'c1')
  moves = true
  const deployment = await prod.deploy({ trigger: push('c2'), model: instance({ [days]: 14 }) })
  await expect(deployment.completed()).rejects.toMatchObject({ code: 'deployment-failed' })
  expect((await deployment.read()).reason).toContain(`planned anew ${REVISIONS} times`)
  expect(updates(set.cloud)).toEqual([])
})

test('DEPLOY 5, DRIFT 10: what cannot be read is not touched', async () => {
  const set = await begun()
  await run(set, instance({ [days]: 7 }), 'c1')
  const before = updates(set.cloud).length
  const unreadable = set.cloud.faults.unreadable({ operation: 'observe', kind: 'sql-instance' })
  const deployment = await set.prod.deploy({ trigger: push('c2'), model: instance({ [days]: 14 }) })
  await expect(deployment.completed()).rejects.toMatchObject({ code: 'deployment-failed' })
  expect(updates(set.cloud)).toHaveLength(before)
  unreadable.lift()
  await run(set, instance({ [days]: 14 }), 'c3')
  expect(set.cloud.inspect.resource('prod-main')?.properties[days]).toBe(14)
})
