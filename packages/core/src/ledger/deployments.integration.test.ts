import { expect, test } from 'vitest'
import { isSimulatedCrash } from '@infraledger/testkit'
import { gitPush, manual } from '../deployments/trigger.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { isLedgerError, LedgerError } from '../ledger-error.ts'
import { ada, grace, shop, world } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'

test('DEPLOY 3: a first deployment creates, relates and rolls out what the code declares, and says so', async () => {
  const { prod, cloud, deploy } = await world()
  const deployment = await deploy(shop)
  expect(deployment).toMatchObject({ status: 'succeeded', commit: 'c1', reason: undefined })
  const graph = await prod.graph()
  expect(
    graph
      .nodes()
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(['bucket/receipts', 'service/checkout', 'sql-database/orders', 'sql-instance/main'])
  expect(graph.node('sql-instance/main')).toMatchObject({
    ownership: 'managed',
    version: 1,
    cause: { type: 'deployment', deployment: deployment.id },
  })
  expect(graph.dependents('sql-database/orders').map(({ id }) => id)).toEqual(['service/checkout'])
  expect(cloud.inspect.resource('prod-main')?.properties['deletionProtection']).toBe(true)
})

test('DEPLOY 1: a trigger names its commit, and a manual one its user', async () => {
  const { prod } = await world()
  await expect(prod.deploy({ trigger: manual({ commit: 'c1', user: '' }), model: shop })).rejects.toMatchObject({
    code: 'trigger-user-missing',
  })
  await expect(
    prod.deploy({ trigger: gitPush({ commit: '', ref: 'main', pusher: 'ada' }), model: shop }),
  ).rejects.toMatchObject({ code: 'input-invalid' })
})

test('DEPLOY 2: a newer trigger supersedes a deployment that waits for approval', async () => {
  const { prod } = await world({ approvals: 1 })
  const first = await prod.deploy({ trigger: gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' }), model: shop })
  for await (const progress of first.progress()) if (progress.type === 'waiting-for-approval') break
  const second = await prod.deploy({ trigger: gitPush({ commit: 'c2', ref: 'main', pusher: 'grace' }), model: shop })
  await expect(first.completed()).rejects.toMatchObject({ code: 'deployment-failed' })
  expect(await first.read()).toMatchObject({ status: 'superseded' })
  expect((await second.read()).status).not.toBe('superseded')
})

test('DEPLOY 4: with approvals on, infrastructure changes wait for an Admin who names the digest; an empty diff does not', async () => {
  const { prod } = await world({ approvals: 1 })
  const deployment = await prod.deploy({
    trigger: gitPush({ commit: 'c1', ref: 'main', pusher: 'grace' }),
    model: shop,
  })
  let digest = ''
  for await (const progress of deployment.progress()) {
    if (progress.type !== 'waiting-for-approval') continue
    digest = progress.digest
    break
  }
  await expect(deployment.approve({ digest }, grace)).rejects.toMatchObject({ code: 'role-required' })
  await expect(deployment.approve({ digest: 'another' }, ada)).rejects.toMatchObject({ code: 'plan-digest-mismatch' })
  await deployment.approve({ digest, comment: 'looks right' }, ada)
  expect(await deployment.completed()).toMatchObject({
    status: 'succeeded',
    approvals: [{ by: { id: 'ada' }, comment: 'looks right' }],
  })

  const rollout = { ...shop, services: shop.services.map((service) => ({ ...service, image: 'checkout@sha256:2' })) }
  const second = await prod.deploy({ trigger: gitPush({ commit: 'c2', ref: 'main', pusher: 'grace' }), model: rollout })
  expect(await second.completed()).toMatchObject({ status: 'succeeded', approvals: [] })
})

test('DEPLOY 7, DEPLOY 8: an executor that dies between call and answer is resumed by observing: nothing is created twice', async () => {
  const { prod, cloud, clock, store, executor } = await world()
  cloud.faults.crash({ operation: 'create', kind: 'sql-instance' }, 'between-call-and-answer')
  const deployment = await prod.deploy({ trigger: gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' }), model: shop })
  expect(isSimulatedCrash(await executor.stopped.catch((error: unknown) => error))).toBe(true)

  const restarted = openLedger({ store, clouds: [cloud.provider], clock })
  restarted.runDeployments()
  const ended = await restarted.environment('prod').deployment(deployment.id).completed()
  expect(ended.status).toBe('succeeded')
  expect(cloud.calls({ operation: 'create', kind: 'sql-instance', effect: true })).toHaveLength(1)
  expect(await restarted.verify()).toMatchObject({ intact: true })
})

test('DEPLOY 7: an unknown outcome is resolved by observing, whether the call happened or not', async () => {
  for (const happened of [true, false]) {
    const { cloud, deploy } = await world()
    cloud.faults.unknownOutcome({ operation: 'create', kind: 'bucket' }, { happened })
    expect((await deploy(shop)).status).toBe('succeeded')
    expect(cloud.calls({ operation: 'create', kind: 'bucket', effect: true })).toHaveLength(1)
  }
})

test('DEPLOY 8: a failed deployment keeps what it provisioned, linked to it; the next one goes on from there', async () => {
  const { prod, cloud, deploy } = await world()
  const withTopic = { ...shop, needs: [...shop.needs, 'topic/sales' as const] }
  const fault = cloud.faults.refuse({ operation: 'create', kind: 'topic' })
  const error: unknown = await deploy(withTopic).catch((thrown: unknown) => thrown)
  expect(isLedgerError(error, 'deployment-failed')).toBe(true)
  const [failed] = await prod.deployments()
  expect(failed).toMatchObject({ status: 'failed' })
  expect((await prod.graph()).node('sql-instance/main')?.cause).toMatchObject({ deployment: failed?.id })
  fault.lift()
  expect((await deploy(withTopic)).status).toBe('succeeded')
  expect(cloud.calls({ operation: 'create', kind: 'sql-instance', effect: true })).toHaveLength(1)
})

test('DEPLOY 7: two executors on one ledger share a deployment: every call is made once', async () => {
  const { cloud, ledger, deploy } = await world({ cloud: { latencyMs: [10, 400] } })
  ledger.runDeployments()
  ledger.runDeployments()
  expect((await deploy(shop)).status).toBe('succeeded')
  for (const { name } of cloud.inspect.resources().map(({ ref }) => ref)) {
    expect(cloud.calls({ operation: 'create', name, effect: true })).toHaveLength(1)
  }
})

test('DEPLOY 10: where the ledger cannot be written, no provider is called', async () => {
  const store = inMemoryEventStore()
  let full = false
  const failing: EventStore = {
    ...store,
    append: (...args) =>
      full
        ? Promise.reject(new LedgerError('store-full', 'the disk is full', { store: 'memory', appended: 'no' }))
        : store.append(...args),
  }
  const { prod, cloud, executor } = await world({ store: failing })
  const deployment = await prod.deploy({ trigger: gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' }), model: shop })
  full = true
  expect(await executor.stopped.catch((error: unknown) => error)).toMatchObject({ code: 'store-full' })
  expect(cloud.calls({ operation: 'create' })).toEqual([])
  expect((await deployment.read()).status).toBe('triggered')
})

test('DEPLOY 11: a rollback is a new deployment of the older model', async () => {
  const { prod, deploy } = await world()
  const at = (image: string) => ({ ...shop, services: shop.services.map((service) => ({ ...service, image })) })
  await deploy(at('checkout@sha256:1'))
  await deploy(at('checkout@sha256:2'))
  await deploy(at('checkout@sha256:1'))
  expect((await prod.graph()).node('service/checkout')?.properties.image).toBe('checkout@sha256:1')
  expect(await prod.history('service/checkout')).toHaveLength(3)
})

test('DEPLOY 12: runtime version, base image, digest and pinning are recorded on each deployment', async () => {
  const { prod } = await world()
  const runtime = {
    version: '1.44.2',
    baseImage: 'node:24-trixie',
    baseImageDigest: `sha256:${'ab'.repeat(32)}`,
    pinned: true,
  }
  const deployment = await prod.deploy({
    trigger: gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' }),
    model: shop,
    runtime,
  })
  expect(await deployment.completed()).toMatchObject({ runtime })
})
