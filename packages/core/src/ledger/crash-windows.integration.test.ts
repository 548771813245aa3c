import { expect, test } from 'vitest'
import { fakeCloud, isSimulatedCrash, virtualClock } from '@infraledger/testkit'
import type { FakeCallOperation, FakeCloud } from '@infraledger/testkit'
import { gitPush } from '../deployments/trigger.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { ada, grace, shop } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'
import type { Ledger } from './open-ledger.ts'

/** How a process ends at its nth append: it dies before or after the append, or is told to stop there. */
type Ending = { readonly at: number; readonly how: 'dies before' | 'dies after' | 'is stopped' }

const UNDISTURBED: Ending = { at: Infinity, how: 'dies before' }

class Death extends Error {}

const image = (n: number) => ({ ...shop, services: shop.services.map((one) => ({ ...one, image: `checkout:${n}` })) })

/** The model's last commit: one bucket more, one service and one instance with its database less, and a request of grace's. */
const before = {
  services: [
    ...image(1).services,
    { name: 'reports', uses: [{ need: 'sql-database/old' as const, operations: ['read'] }] },
  ],
  needs: [...shop.needs, { node: 'sql-database/old' as const, dependsOn: ['sql-instance/old' as const] }],
}
const after = { services: image(2).services, needs: [...shop.needs, 'bucket/more' as const] }

async function stage() {
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const cloud = fakeCloud({ clock })
  const store = inMemoryEventStore()
  const open = (opened: EventStore): Ledger => openLedger({ store: opened, clouds: [cloud.provider], clock })
  const ledger = open(store)
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'production', clouds: [cloud.target] }, ada)
  await prod.grantRole({ subject: 'grace', role: 'member' }, ada)
  const executor = ledger.runDeployments()
  const deploy = async (model: typeof before, commit: string) =>
    prod.deploy({ trigger: gitPush({ commit, ref: 'main', pusher: 'ada' }), model })
  await (await deploy(before, 'c1')).completed()
  await (await deploy({ ...before, services: image(1).services, needs: [...shop.needs] }, 'c2')).completed()
  cloud.console('grace').modify('sql-instance/prod-old', { deletionProtection: false })
  await prod.reconcile()
  for (const node of ['sql-instance/old', 'sql-database/old'] as const)
    await prod.confirmDeletion({ node, reason: 'not needed' }, grace)
  await prod.requestChange({ node: 'sql-instance/main', set: { 'backup.retentionDays': 14 }, reason: 'audit' }, grace)
  await executor.stop()
  return { cloud, store, open, deploy }
}

/** The store as a process sees it that ends at its nth append; `appends` counts them. */
function ending(store: EventStore, { at, how }: Ending, end: () => void): EventStore & { appends(): number } {
  let appends = 0
  return {
    ...store,
    appends: () => appends,
    async append(...args) {
      appends += 1
      if (appends > at && how !== 'is stopped') throw new Death()
      if (appends === at && how === 'dies before') throw new Death()
      const result = await store.append(...args)
      if (appends === at && how === 'dies after') throw new Death()
      if (appends === at) end()
      return result
    },
  }
}

/** Runs the last deployment with one process that ends so, and another one after it; answers what is there in the end. */
async function run(how: Ending, prepare: (cloud: FakeCloud) => void = () => undefined) {
  const { cloud, store, open, deploy } = await stage()
  prepare(cloud)
  const deployment = await deploy(after, 'c3')
  let stop = (): void => undefined
  const ended = ending(store, how, () => stop())
  const first = open(ended).runDeployments()
  stop = () => void first.stop()
  const error: unknown = await Promise.race([
    first.stopped.then(
      () => undefined,
      (thrown: unknown) => thrown,
    ),
    open(store).environment('prod').deployment(deployment.id).completed(),
  ])
  const second = open(store)
  const executor = second.runDeployments()
  const completed = await second.environment('prod').deployment(deployment.id).completed()
  await executor.stop()
  await first.stop().catch(() => undefined)
  return { appends: ended.appends(), error, completed, second, calls: callsOf(cloud), cloud }
}

function callsOf(cloud: FakeCloud): readonly string[] {
  return cloud.calls({ effect: true }).map(({ operation, kind, name }) => `${operation} ${kind} ${name}`)
}

const shown = async (ledger: Ledger) => {
  const graph = (await ledger.environment('prod').graph()).toJSON()
  return {
    nodes: graph.nodes.map(({ id, properties, ownership }) => ({ id, properties, ownership })).toSorted(byId),
    edges: graph.edges.map(({ id }) => id).toSorted(),
    requests: (await ledger.environment('prod').requests()).map(({ status, deployments }) => [
      status,
      deployments.length,
    ]),
  }
}
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1)

const whole = await run(UNDISTURBED)
const expected = { graph: await shown(whole.second), calls: whole.calls }

test('DEPLOY 7: undisturbed, it creates, changes, copies and removes', () => {
  expect(whole.error).toMatchObject({ status: 'succeeded' })
  expect(expected.calls.slice(-7)).toEqual([
    'create bucket prod-more',
    'update sql-instance prod-main',
    'update service prod-checkout',
    'snapshot sql-instance prod-old',
    'snapshot sql-database prod-old',
    'remove sql-database prod-old',
    'remove sql-instance prod-old',
  ])
  expect(whole.appends).toBeGreaterThan(20)
})

test.each(['dies before', 'dies after', 'is stopped'] as const)(
  'DEPLOY 7, DEPLOY 10: an executor that %s at any append is gone on from: every call once, the same graph, the same requests',
  async (how) => {
    for (let at = 1; at <= whole.appends; at++) {
      const { second, calls, error } = await run({ at, how })
      expect({ at, error: error instanceof Death || error === undefined }).toEqual({ at, error: true })
      expect({ at, calls: calls.toSorted() }).toEqual({ at, calls: expected.calls.toSorted() })
      expect({ at, ...(await shown(second)) }).toEqual({ at, ...expected.graph })
      expect(await second.verify()).toMatchObject({ intact: true })
    }
  },
  60_000,
)

const points = ['before-call', 'between-call-and-answer', 'while-waiting'] as const

test.each(points)('DEPLOY 7: an executor that dies in any of its calls, %s, is gone on from', async (point) => {
  for (const call of expected.calls.slice(-7)) {
    const [operation = '', kind = ''] = call.split(' ')
    // A snapshot is asked for again and again, and nobody waits in it.
    if (operation === 'snapshot' && point === 'while-waiting') continue
    const match = { operation: operation as FakeCallOperation, kind }
    const { second, calls, error } = await run(UNDISTURBED, (cloud) => void cloud.faults.crash(match, point))
    expect({ call, died: isSimulatedCrash(error) }).toEqual({ call, died: true })
    expect({ call, calls: calls.toSorted() }).toEqual({ call, calls: expected.calls.toSorted() })
    expect({ call, ...(await shown(second)) }).toEqual({ call, ...expected.graph })
  }
})

test('DEPLOY 7: an unknown outcome of any call is resolved, whether it happened or not, and so is what fails in passing', async () => {
  for (const call of expected.calls.slice(-7)) {
    const [operation = '', kind = ''] = call.split(' ')
    const match = { operation: operation as FakeCallOperation, kind }
    const faults: ((cloud: FakeCloud) => unknown)[] = [
      ({ faults: fault }) => fault.unknownOutcome(match, { happened: true }),
      ({ faults: fault }) => fault.unknownOutcome(match, { happened: false }),
      ({ faults: fault }) => fault.retryable(match, 3),
    ]
    for (const fault of faults) {
      const { second, calls } = await run(UNDISTURBED, (cloud) => void fault(cloud))
      expect({ call, calls: calls.toSorted() }).toEqual({ call, calls: expected.calls.toSorted() })
      expect({ call, ...(await shown(second)) }).toEqual({ call, ...expected.graph })
    }
  }
})
