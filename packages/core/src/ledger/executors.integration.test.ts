import { describe, expect, test, vi } from 'vitest'
import type { CloudProvider } from '../cloud/cloud-provider.ts'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import { user } from '../access/actor.ts'
import { gitPush } from '../deployments/trigger.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { LedgerError } from '../ledger-error.ts'
import { ada, shop, world } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'

const push = (commit: string) => gitPush({ commit, ref: 'main', pusher: 'ada' })
const nothing = { services: [], needs: [] }

/** A store that fails as told. */
function failing(store: EventStore): EventStore & { fail(error: LedgerError | undefined, times?: number): void } {
  let failure: LedgerError | undefined
  let left = 0
  return {
    ...store,
    fail(error, times = Infinity) {
      failure = error
      left = times
    },
    async append(...args) {
      if (failure !== undefined && left-- > 0) throw failure
      return store.append(...args)
    },
  }
}

const busy = (): LedgerError =>
  new LedgerError('store-unavailable', 'the file is busy', { store: 'memory', appended: 'no' }, { retryable: true })
const full = (): LedgerError => new LedgerError('store-full', 'the disk is full', { store: 'memory', appended: 'no' })

describe('stopping', () => {
  test('DEPLOY 7: an executor that is stopped while it looks, copies or waits stops without an error, and the next goes on', async () => {
    for (const operation of ['discover', 'snapshot', 'create'] as const) {
      const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
      const cloud = fakeCloud({ clock, latencyMs: 500 })
      const store = inMemoryEventStore()
      const open = (provider: CloudProvider) => openLedger({ store, clouds: [provider], clock })
      const prod = await open(cloud.provider).createEnvironment(
        { name: 'prod', type: 'production', clouds: [cloud.target] },
        ada,
      )
      const first = open(cloud.provider).runDeployments()
      await (await prod.deploy({ trigger: push('c1'), model: shop })).completed()
      await (await prod.deploy({ trigger: push('c2'), model: nothing })).completed()
      cloud.console('ada').modify('sql-instance/prod-main', { deletionProtection: false })
      await prod.reconcile()
      for (const node of ['sql-instance/main', 'sql-database/orders'] as const)
        await prod.confirmDeletion({ node, reason: 'x' }, ada)
      await first.stop()

      const stopping = new AbortController()
      const provider = {
        ...cloud.provider,
        [operation](...args: never[]) {
          clock.sleep(200).then(
            () => stopping.abort(),
            () => undefined,
          )
          return Reflect.apply(cloud.provider[operation], undefined, args)
        },
      }
      const second = open(provider).runDeployments({ signal: stopping.signal })
      const model = { services: [], needs: ['topic/sales' as const] }
      const deployment = await prod.deploy({ trigger: push('c3'), model })
      await second.stopped
      expect({ operation, ended: (await deployment.read()).endedAt }).toEqual({ operation, ended: undefined })

      const third = open(cloud.provider).runDeployments()
      expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
      await third.stop()
      expect((await prod.graph()).nodes().map(({ id }) => id)).toEqual(['bucket/receipts', 'topic/sales'])
    }
  })

  test('an executor whose signal has aborted already, or that is stopped twice, does nothing', async () => {
    const { ledger, prod, executor, cloud } = await world()
    await executor.stop()
    await executor.stop()
    const aborted = new AbortController()
    aborted.abort()
    await ledger.runDeployments({ signal: aborted.signal }).stopped
    const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
    expect((await deployment.read()).status).toBe('triggered')
    expect(cloud.calls()).toEqual([])
    ledger.runDeployments()
    expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
  })
})

describe('the store', () => {
  test('DEPLOY 10: what it does in passing is waited for; the deployment goes on', async () => {
    const store = failing(inMemoryEventStore())
    const { prod, cloud, executor } = await world({ store })
    const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
    store.fail(busy(), 3)
    expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
    expect(cloud.calls({ operation: 'create', effect: true })).toHaveLength(4)
    await executor.stop()
  })

  test('DEPLOY 10: one that cannot be written ends the executor, of all environments, and nothing goes on behind its back', async () => {
    const store = failing(inMemoryEventStore())
    const { ledger, prod, cloud, executor } = await world({ store })
    const staging = await ledger.createEnvironment(
      { name: 'staging', type: 'development', clouds: [cloud.target] },
      ada,
    )
    await prod.deploy({ trigger: push('c1'), model: shop })
    store.fail(full())
    await expect(executor.stopped).rejects.toMatchObject({ code: 'store-full' })
    store.fail(undefined)
    const deployment = await staging.deploy({ trigger: push('c1'), model: shop })
    await Promise.resolve()
    expect((await deployment.read()).status).toBe('triggered')
    expect(cloud.calls({ operation: 'create' })).toEqual([])
    await expect(executor.stop()).rejects.toMatchObject({ code: 'store-full' })
  })

  test('DEPLOY 7: an outcome that could not be written is found out by the next executor', async () => {
    const store = failing(inMemoryEventStore())
    const { ledger, prod, cloud, executor } = await world({ store })
    const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
    for await (const progress of deployment.progress()) {
      if (progress.type !== 'step-started' || progress.node !== 'sql-instance/main') continue
      store.fail(full())
      break
    }
    await expect(executor.stopped).rejects.toMatchObject({ code: 'store-full' })
    store.fail(undefined)
    ledger.runDeployments()
    expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
    expect(cloud.calls({ operation: 'create', kind: 'sql-instance', effect: true })).toHaveLength(1)
  })
})

describe('an import', () => {
  const source = { type: 'test', name: 'state', digest: 'd', lineage: 'l' }
  const many = Array.from({ length: 3_000 }, (_, index) => ({
    address: `a${index}`,
    kind: 'thing',
    key: `n${index}`,
    properties: {},
  }))

  test('DEPLOY 10: one that was interrupted holds deployments up, calls nothing, and lets them go on when it is complete', async () => {
    const store = failing(inMemoryEventStore())
    const { prod, cloud } = await world({ store })
    await prod.deploy({ trigger: push('c1'), model: shop }).then((one) => one.completed())
    let appends = 0
    const append = store.append.bind(store)
    const cut: EventStore = {
      ...store,
      append: (...args) => (++appends > 1 ? Promise.reject(full()) : append(...args)),
    }
    const other = openLedger({ store: cut }).environment('prod')
    await expect(other.import({ source, nodes: many, edges: [] }, ada)).rejects.toMatchObject({ code: 'store-full' })

    const before = cloud.calls({ effect: true }).length
    const deployment = await prod.deploy({ trigger: push('c2'), model: { ...shop, needs: [...shop.needs, 'topic/t'] } })
    await vi.waitFor(async () => expect((await prod.deployments())[0]?.id).toBe(deployment.id))
    expect((await deployment.read()).endedAt).toBeUndefined()
    await prod.import({ source, nodes: many, edges: [] }, ada)
    expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
    expect(cloud.calls({ effect: true }).length).toBe(before + 1)
  })
})

describe('a step', () => {
  test('DEPLOY 8: a creation of which nobody knows what became is looked for by the next deployment, and not made twice', async () => {
    const { prod, cloud, deploy } = await world()
    cloud.faults.unknownOutcome({ operation: 'create', kind: 'topic' })
    const unreadable = cloud.faults.unreadable({ operation: 'observe', kind: 'topic' })
    const model = { services: [], needs: ['topic/sales' as const] }
    await expect(deploy(model)).rejects.toMatchObject({ code: 'deployment-failed' })
    expect((await prod.graph()).node('topic/sales')).toBeUndefined()
    unreadable.lift()
    const next = await deploy(model)
    expect((await prod.graph()).node('topic/sales')).toMatchObject({
      ownership: 'managed',
      cause: { deployment: next.id },
    })
    expect(cloud.calls({ operation: 'create', kind: 'topic', effect: true })).toHaveLength(1)
  })

  test('DEPLOY 8: a value that the kind does not know does not lose what was made', async () => {
    const { prod, cloud, deploy } = await world({
      cloud: { kinds: { bucket: { defaults: { versioning: 'Suspended' } } } },
    })
    await deploy({ services: [], needs: ['bucket/receipts'] })
    expect(cloud.inspect.resource('bucket/prod-receipts')?.properties['versioning']).toBe('Suspended')
    expect((await prod.graph()).node('bucket/receipts')?.properties).not.toHaveProperty('versioning')
  })

  test('DEPLOY 8: a refusal of many words still ends a deployment', async () => {
    const { prod, cloud, deploy } = await world()
    cloud.faults.refuse({ operation: 'create', kind: 'topic' }, { reason: 'no '.repeat(5_000) })
    await expect(deploy({ services: [], needs: ['topic/sales'] })).rejects.toMatchObject({ code: 'deployment-failed' })
    expect((await prod.deployments())[0]?.status).toBe('failed')
  })

  test('DEPLOY 8: a deployment does not end while a call of it is under way, whoever wants to end it', async () => {
    const { prod } = await world()
    const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
    for await (const progress of deployment.progress()) if (progress.type === 'step-started') break
    await expect(prod.deploy({ trigger: push('c2'), model: shop })).rejects.toMatchObject({
      code: 'deployment-in-progress',
    })
    expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
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
})

test('DEPLOY 3: dependencies that turn round between two commits are recorded without a standstill', async () => {
  const { prod, deploy } = await world()
  const needs = (a: object, b: object) => ({
    services: [],
    needs: [
      { node: 'network/a' as const, ...a },
      { node: 'network/b' as const, ...b },
    ],
  })
  await deploy(needs({ dependsOn: ['network/b'] }, {}))
  expect(await deploy(needs({}, { dependsOn: ['network/a'] }))).toMatchObject({ status: 'succeeded' })
  expect((await prod.graph()).dependents('network/a').map(({ id }) => id)).toEqual(['network/b'])
})

test('DEPLOY 2: environments are deployed at the same time, each by its own', async () => {
  const { ledger, prod, cloud } = await world()
  const others = await Promise.all(
    ['one', 'two'].map((name) => ledger.createEnvironment({ name, type: 'development', clouds: [cloud.target] }, ada)),
  )
  const deployments = await Promise.all(
    [prod, ...others].map((environment) => environment.deploy({ trigger: push('c1'), model: shop })),
  )
  for (const deployment of deployments) expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
})
