import { expect, test } from 'vitest'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import { gitPush } from '../deployments/trigger.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { ada, shop } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'

const nodes = ['sql-instance/main', 'sql-database/orders', 'bucket/receipts'] as const
const reason = 'the shop has closed'

class Death extends Error {}

/** The store as a process sees it that dies before or after its nth append. */
function dying(store: EventStore, at: number, how: 'before' | 'after') {
  let appends = 0
  return {
    ...store,
    appends: () => appends,
    async append(...args: Parameters<EventStore['append']>) {
      appends += 1
      if (appends > at || (appends === at && how === 'before')) throw new Death()
      const result = await store.append(...args)
      if (appends === at) throw new Death()
      return result
    },
  }
}

/** Destroys a shop with an executor that dies at its nth append, and another one after it; answers what is there in the end. */
async function destroyed(at: number, how: 'before' | 'after') {
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const cloud = fakeCloud({ clock })
  const store = inMemoryEventStore()
  const open = (opened: EventStore) => openLedger({ store: opened, clouds: [cloud.provider], clock })
  const ledger = open(store)
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'production', clouds: [cloud.target] }, ada)
  const executor = ledger.runDeployments()
  const trigger = gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' })
  await (await prod.deploy({ trigger, model: shop })).completed()
  await executor.stop()
  for (const node of nodes) await prod.confirmDeletion({ node, reason, forDestruction: true }, ada)
  cloud.console('grace').modify('sql-instance/prod-main', { deletionProtection: false })
  await prod.reconcile()
  const destruction = await prod.destroy({ challenge: (await prod.destruction()).challenge, reason }, ada)
  const seen = dying(store, at, how)
  const first = open(seen).runDeployments()
  await Promise.race([first.stopped.catch(() => undefined), destruction.completed()])
  ledger.runDeployments()
  await destruction.completed()
  const removals = cloud.calls({ operation: 'remove', effect: true }).map(({ name }) => name ?? 'nothing')
  return {
    appends: seen.appends(),
    removals: removals.toSorted(),
    snapshots: cloud.inspect.snapshots().length,
    copies: (await prod.lastCopies()).length,
    left: (await prod.graph()).nodes().length,
    status: (await prod.describe()).status,
    intact: (await ledger.verify()).intact,
  }
}

test(
  'PROTECT 9, DEPLOY 7: wherever its executor dies, another one ends the destruction, and everything happened once',
  { timeout: 60_000 },
  async () => {
    const { appends, ...whole } = await destroyed(Infinity, 'before')
    expect(whole).toMatchObject({ left: 0, snapshots: 2, copies: 2, status: 'destroyed', intact: true })
    expect(whole.removals).toEqual([
      'prod-checkout',
      'prod-checkout',
      'prod-checkout-bucket-receipts',
      'prod-checkout-sql-database-orders',
      'prod-main',
      'prod-orders',
      'prod-receipts',
    ])
    for (let at = 1; at <= appends; at++) {
      for (const how of ['before', 'after'] as const) {
        const { appends: _, ...one } = await destroyed(at, how)
        expect({ at, how, ...one }).toEqual({ at, how, ...whole })
      }
    }
  },
)

test.each([2, 3])(
  'PROTECT 9: of %i executors that wake up at once, one destroys the environment, and all live on',
  async (executing) => {
    const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
    const cloud = fakeCloud({ clock })
    const store = inMemoryEventStore()
    const ledgers = Array.from({ length: executing }, () => openLedger({ store, clouds: [cloud.provider], clock }))
    const [ledger = openLedger({ store, clock })] = ledgers
    const prod = await ledger.createEnvironment({ name: 'pr:12', type: 'preview', clouds: [cloud.target] }, ada)
    const executors = ledgers.map((one) => one.runDeployments())
    const destruction = await prod.destroy({ reason }, ada)
    await destruction.completed()
    await Promise.all(executors.map((executor) => executor.stop()))
    expect((await prod.describe()).status).toBe('destroyed')
  },
)
