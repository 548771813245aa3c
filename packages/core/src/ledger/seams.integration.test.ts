import { expect, test } from 'vitest'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import { gitPush } from '../deployments/trigger.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { ada, grace, planThatWaits, shop, world } from './ledger.fixture.ts'
import { LedgerError } from '../ledger-error.ts'
import { openLedger } from './open-ledger.ts'
import type { Environment } from './environment.ts'
import { suspendable } from './suspended.fixture.ts'

const push = (commit: string) => gitPush({ commit, ref: 'main', pusher: 'ada' })
const topics = (count: number) => Array.from({ length: count }, (_, index) => `topic/t${index}` as const)

/** A world whose first phase of the next deployment begins only after something else was written, as another process may do at any time. */
async function overtakenAtStart(approvals = 0) {
  let between: ((prod: Environment) => Promise<unknown>) | undefined
  const memory = inMemoryEventStore()
  const store: EventStore = {
    ...memory,
    async append(...args) {
      const doing = between
      if (doing !== undefined && args[1].some(({ type }) => type === 'PhaseStarted')) {
        between = undefined
        await doing(openLedger({ store: memory, clock: set.clock }).environment('prod'))
      }
      return memory.append(...args)
    },
  }
  const set = await world({ store, approvals })
  return {
    ...set,
    beforeStart: (doing: (prod: Environment) => Promise<unknown>): void => void (between = doing),
  }
}

test('DEPLOY 4: a policy that asks for approvals holds for a plan that was recorded before and has not begun', async () => {
  const { prod, cloud, beforeStart } = await overtakenAtStart()
  beforeStart((other) => other.changePolicies({ approvals: { required: 1 }, drift: [] }, ada))
  const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
  for await (const progress of deployment.progress())
    if (progress.type === 'waiting-for-approval' || progress.type === 'step-started') break
  expect(await deployment.read()).toMatchObject({ status: 'waiting-for-approval' })
  expect(cloud.calls({ operation: 'create' })).toEqual([])
  await deployment.approve({ digest: (await deployment.read()).planDigest ?? '' }, ada)
  expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
})

test('DEPLOY 4: a plan that was recorded, and not that it waits, asks for approval before it begins', async () => {
  const memory = inMemoryEventStore()
  let isCut = false
  const store: EventStore = {
    ...memory,
    async append(stream, events, expected) {
      const cut = isCut ? -1 : events.findIndex(({ type }) => type === 'ApprovalRequested')
      if (cut <= 0) return memory.append(stream, events, expected)
      isCut = true
      await memory.append(stream, events.slice(0, cut), expected)
      throw new LedgerError('store-full', 'the disk is full', { store: 'memory', appended: 'no' })
    },
  }
  const { ledger, prod, cloud, executor } = await world({ store, approvals: 1 })
  const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
  await expect(executor.stopped).rejects.toMatchObject({ code: 'store-full' })
  expect(await deployment.read()).toMatchObject({ status: 'planned' })
  ledger.runDeployments()
  await deployment.approve({ digest: await planThatWaits(deployment) }, ada)
  expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
  const types: string[] = []
  for await (const { type } of store.readAll({ types: ['ApprovalRequested', 'DeploymentApproved', 'PhaseStarted'] }))
    types.push(type)
  expect(types.slice(0, 3)).toEqual(['ApprovalRequested', 'DeploymentApproved', 'PhaseStarted'])
  expect(cloud.calls({ operation: 'create', effect: true })).toHaveLength(4)
})

test('CHANGE 6: a request that is withdrawn right before the first phase is not written', async () => {
  const { prod, cloud, deploy, beforeStart } = await overtakenAtStart()
  await deploy(shop)
  const change = { node: 'sql-instance/main', set: { 'backup.retentionDays': 14 }, reason: 'audit' } as const
  const { request } = await prod.requestChange(change, grace)
  beforeStart((other) => other.withdraw({ request, reason: 'no' }, grace))
  expect(await deploy(shop)).toMatchObject({ status: 'succeeded' })
  expect(cloud.calls({ operation: 'update' })).toEqual([])
  expect(await prod.requests()).toMatchObject([{ status: 'withdrawn' }])
})

test.each(['refused', 'moved'] as const)(
  'DEPLOY 7: an executor with less hands finds out about every call that the one before left open (the first step is %s)',
  async (ending) => {
    const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
    const cloud = fakeCloud({ clock, latencyMs: 500 })
    const store = inMemoryEventStore()
    const prod = await openLedger({ store, clock }).createEnvironment(
      { name: 'prod', type: 'production', clouds: [cloud.target] },
      ada,
    )
    const begin = (concurrency: number) => {
      const ports = suspendable({ store, clock, cloud: cloud.provider })
      const ledger = openLedger({ store: ports.store, clouds: [ports.cloud], clock: ports.clock })
      return { ...ports, executor: ledger.runDeployments({ concurrency }) }
    }
    const first = begin(8)
    const model = (days: number) => ({
      services: [],
      needs: [
        ...(ending === 'moved' ? ['sql-instance/a' as const] : []).map((node) => ({
          node,
          properties: { 'backup.retentionDays': days },
        })),
        ...topics(days),
      ],
    })
    await (await prod.deploy({ trigger: push('c1'), model: model(1) })).completed()
    const deployment = await prod.deploy({ trigger: push('c2'), model: model(4) })
    let started = 0
    for await (const progress of deployment.progress())
      if (progress.type === 'step-started' && ++started === (ending === 'moved' ? 4 : 3)) break
    first.suspend()
    if (ending === 'refused') cloud.faults.refuse({ operation: 'create', name: 'prod-t1' })
    else cloud.console('grace').modify('sql-instance/prod-a', { 'backup.retentionDays': 9 })
    const second = begin(1)
    const outcome = await deployment.completed().catch((error: unknown) => error)
    expect((await deployment.steps()).filter(({ status }) => status === 'started')).toEqual([])
    expect((await deployment.read()).endedAt, String(outcome)).toBeDefined()
    await second.executor.stop()
  },
)
