import { describe, expect, test } from 'vitest'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import type { FakeCloud, VirtualClock } from '@infraledger/testkit'
import { gitPush } from '../deployments/trigger.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { decodeEvent } from '../event-store/codec.ts'
import type { Environment } from './environment.ts'
import { ada, shop } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'
import type { RunningExecutor } from './run-deployments.ts'
import { suspendable } from './suspended.fixture.ts'
import type { SuspendablePorts } from './suspended.fixture.ts'

const push = (commit: string) => gitPush({ commit, ref: 'main', pusher: 'ada' })
const LEASE_MS = 60_000

type Runner = SuspendablePorts & { readonly executor: RunningExecutor }
type Set = { clock: VirtualClock; cloud: FakeCloud; store: EventStore; prod: Environment; runners: Runner[] }

/** So many processes with an executor each, on one store and one cloud. */
async function processes(count: number): Promise<Set & { begin: () => Runner }> {
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const cloud = fakeCloud({ clock })
  const store = inMemoryEventStore()
  const begin = (): Runner => {
    const ports = suspendable({ store, clock, cloud: cloud.provider })
    const ledger = openLedger({ store: ports.store, clouds: [ports.cloud], clock: ports.clock })
    return { ...ports, executor: ledger.runDeployments({ leaseMs: LEASE_MS }) }
  }
  const prod = await openLedger({ store, clock }).createEnvironment(
    { name: 'prod', type: 'production', clouds: [cloud.target] },
    ada,
  )
  const runners = Array.from({ length: count }, begin)
  return { clock, cloud, store, prod, runners, begin }
}

async function claims({ store }: Pick<Set, 'store'>): Promise<{ executor: string; renewal?: true; after?: number }[]> {
  const told: { executor: string; renewal?: true; after?: number }[] = []
  for await (const recorded of store.readAll({ types: ['ExecutionClaimed'] })) {
    const { event } = decodeEvent(recorded)
    if (event.type === 'ExecutionClaimed') told.push(event.data as { executor: string })
  }
  return told
}

const effects = (cloud: FakeCloud): string[] =>
  cloud.calls({ effect: true }).map(({ operation, kind, name }) => `${operation} ${kind} ${name}`)
const SHOP = [
  'create bucket prod-receipts',
  'create grant prod-checkout-bucket-receipts',
  'create grant prod-checkout-sql-database-orders',
  'create identity prod-checkout',
  'create service prod-checkout',
  'create sql-database prod-orders',
  'create sql-instance prod-main',
]

/** Suspends whoever holds the deployment once a step on an instance has begun; answers the holder. */
async function suspendHolder(set: Set, moment: 'step-started' | 'planned' = 'step-started') {
  const deployment = await set.prod.deploy({ trigger: push('c1'), model: shop })
  for await (const progress of deployment.progress()) if (progress.type === moment) break
  for (const runner of set.runners) runner.suspend()
  const [holder] = await claims(set)
  return { deployment, holder: holder?.executor }
}

describe('several executors', () => {
  test('DEPLOY 9: one holds a deployment, the others leave it alone', async () => {
    const set = await processes(4)
    const deployment = await set.prod.deploy({ trigger: push('c1'), model: shop })
    await deployment.completed()
    const told = await claims(set)
    expect(new Set(told.map(({ executor }) => executor)).size).toBe(1)
    expect(effects(set.cloud).toSorted()).toEqual(SHOP)
    expect(set.cloud.calls({ operation: 'create' })).toHaveLength(SHOP.length)
    for (const { executor } of set.runners) await executor.stop()
  })

  test('DEPLOY 9: a claim is renewed within a third of its lease while a long operation runs, and is not taken over', async () => {
    const set = await processes(2)
    const deployment = await set.prod.deploy({ trigger: push('c1'), model: shop })
    await deployment.completed()
    const told = await claims(set)
    expect(told.filter(({ renewal }) => renewal === true).length).toBeGreaterThan(3)
    expect(told.filter(({ after }) => after !== undefined)).toEqual([])
    for await (const { text } of set.prod.timeline()) expect(text).not.toContain('taken over')
  })

  test('DEPLOY 9: one that is stopped leaves its deployment, and the next goes on at once', async () => {
    const set = await processes(1)
    const deployment = await set.prod.deploy({ trigger: push('c1'), model: shop })
    for await (const progress of deployment.progress()) if (progress.type === 'step-started') break
    const second = set.begin()
    await set.runners[0]?.executor.stop()
    const before = set.clock.now().getTime()
    for await (const { data } of set.store.subscribe({ types: ['ExecutionClaimed'] }))
      if (!data.includes('renewal') && (await claims(set)).length > 1) break
    expect(set.clock.now().getTime() - before).toBeLessThan(LEASE_MS / 3)
    await deployment.completed()
    await second.executor.stop()
    expect(effects(set.cloud).toSorted()).toEqual(SHOP)
  })

  test('DEPLOY 9: what waits for a person is held by nobody, and goes on by whoever comes first', async () => {
    const set = await processes(3)
    await set.prod.changePolicies({ approvals: { required: 1 }, drift: [] }, ada)
    const deployment = await set.prod.deploy({ trigger: push('c1'), model: shop })
    let digest = ''
    for await (const progress of deployment.progress())
      if (progress.type === 'waiting-for-approval') {
        ;({ digest } = progress)
        break
      }
    await set.clock.sleep(10 * LEASE_MS)
    expect((await claims(set)).length).toBeLessThan(4)
    await deployment.approve({ digest }, ada)
    await deployment.completed()
    expect(effects(set.cloud).toSorted()).toEqual(SHOP)
  })
})

describe('an executor that gives no sign of life', () => {
  test('DEPLOY 9, DEPLOY 7: is taken over from when its lease has run out, with no event to say so, and does no harm when it wakes up late', async () => {
    for (const moment of ['step-started', 'planned'] as const) {
      const set = await processes(1)
      const { deployment, holder } = await suspendHolder(set, moment)
      const from = set.clock.now().getTime()
      const second = set.begin()
      await deployment.completed()
      const told = await claims(set)
      const taken = told.find(({ after }) => after !== undefined)
      expect(taken?.executor).not.toBe(holder)
      expect(set.clock.now().getTime() - from).toBeGreaterThanOrEqual(LEASE_MS)
      expect(effects(set.cloud).toSorted()).toEqual(SHOP)
      const before = effects(set.cloud).length
      set.runners[0]?.resume()
      await set.clock.sleep(10 * LEASE_MS)
      expect(effects(set.cloud)).toHaveLength(before)
      await set.runners[0]?.executor.stop()
      await second.executor.stop()
      expect((await deployment.read()).status).toBe('succeeded')
    }
  })

  test('DEPLOY 9: and wakes up in the middle of the other one’s work leaves it alone', async () => {
    const set = await processes(1)
    const { deployment } = await suspendHolder(set)
    const second = set.begin()
    for await (const { data } of set.store.subscribe({ types: ['ExecutionClaimed'] }))
      if (data.includes('"after"')) break
    set.runners[0]?.resume()
    await deployment.completed()
    expect(effects(set.cloud).toSorted()).toEqual(SHOP)
    const told = await claims(set)
    const at = told.findIndex(({ after }) => after !== undefined)
    expect(new Set(told.slice(at).map(({ executor }) => executor)).size).toBe(1)
    // Both live on, and share what comes next.
    await (
      await set.prod.deploy({ trigger: push('c2'), model: { ...shop, needs: [...shop.needs, 'topic/t'] } })
    ).completed()
    for (const { executor } of [...set.runners, second]) await executor.stop()
  })
})

describe('clocks', () => {
  test('DEPLOY 9: that are set forwards or back take no deployment from anybody, and keep none from being taken over', async () => {
    for (const moment of ['2026-03-09T09:00:00Z', '2026-03-02T08:30:00Z']) {
      const set = await processes(2)
      const deployment = await set.prod.deploy({ trigger: push('c1'), model: shop })
      for await (const progress of deployment.progress()) if (progress.type === 'step-started') break
      set.clock.setTime(moment)
      await deployment.completed()
      expect((await claims(set)).filter(({ after }) => after !== undefined)).toEqual([])
      expect(effects(set.cloud).toSorted()).toEqual(SHOP)

      const next = await processes(1)
      const { deployment: other } = await suspendHolder(next)
      const second = next.begin()
      next.clock.setTime(moment)
      await other.completed()
      expect(effects(next.cloud).toSorted()).toEqual(SHOP)
      await second.executor.stop()
    }
  })

  test('DEPLOY 9: of a machine that was suspended whole: the holder makes sure of its claim before it calls, and both go on', async () => {
    const set = await processes(2)
    const deployment = await set.prod.deploy({ trigger: push('c1'), model: shop })
    for await (const progress of deployment.progress()) if (progress.type === 'step-started') break
    set.clock.jump(10 * LEASE_MS)
    await deployment.completed()
    expect(effects(set.cloud).toSorted()).toEqual(SHOP)
    expect(new Set((await claims(set)).map(({ executor }) => executor)).size).toBe(1)
  })
})
