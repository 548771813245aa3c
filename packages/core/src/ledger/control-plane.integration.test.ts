import { describe, expect, test } from 'vitest'
import { gitPush } from '../deployments/trigger.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { LedgerError } from '../ledger-error.ts'
import { collected } from './export.fixture.ts'
import { ada, rollout, shop, world } from './ledger.fixture.ts'

/** A store whose machine can go out of reach: nothing is read, and nothing is written. */
function reachable(store: EventStore) {
  let isDown = false
  let appends = 0
  let last = Infinity
  let whenAppended: (count: number) => void = () => undefined
  const check = (appended: 'no' | 'unknown' = 'no'): void => {
    if (!isDown) return
    const details = { store: 'ledger.example', appended }
    throw new LedgerError('store-unavailable', 'ledger.example cannot be reached', details, { retryable: true })
  }
  async function* guarded<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
    check()
    for await (const item of items) {
      check()
      yield item
    }
  }
  return {
    ...store,
    async append(...args: Parameters<EventStore['append']>) {
      appends += 1
      whenAppended(appends)
      check()
      const result = await store.append(...args)
      if (appends === last) isDown = true
      return result
    },
    readStream: (...args: Parameters<EventStore['readStream']>) => guarded(store.readStream(...args)),
    readAll: (...args: Parameters<EventStore['readAll']>) => guarded(store.readAll(...args)),
    async loadSnapshot(stream: string) {
      check()
      return store.loadSnapshot(stream)
    },
    setDown(value: boolean) {
      isDown = value
    },
    appends: () => appends,
    /** Is out of reach once it has taken so many more appends. */
    downAfter(more: number) {
      last = appends + more
    },
    /** Calls back right before each append. */
    onAppend(callback: (count: number) => void) {
      whenAppended = callback
    },
  }
}

const push = (commit: string) => gitPush({ commit, ref: 'main', pusher: 'ada' })

async function stage() {
  const kept = inMemoryEventStore()
  const store = reachable(kept)
  return { ...(await world({ store })), store, kept }
}

/** Everything that the cloud was asked, reads as well. */
const asked = ({ cloud }: Awaited<ReturnType<typeof stage>>): number => cloud.calls().length

describe('a ledger that cannot be reached', () => {
  test('DEPLOY 10: before planning, nothing is called, not even to read, and the error says so', async () => {
    const staged = await stage()
    // The model, and the trigger that wakes the executor.
    staged.store.downAfter(2)
    await staged.prod.deploy({ trigger: push('c1'), model: shop })
    const error: unknown = await staged.executor.stopped.catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'store-unavailable', details: { store: 'ledger.example' } })
    expect(String(error)).toContain(
      'ledger.example cannot be reached; without its ledger no provider is called for prod',
    )
    expect(asked(staged)).toBe(0)
    const second = staged.ledger.runDeployments()
    await expect(second.stopped).rejects.toMatchObject({ code: 'store-unavailable' })
    expect(asked(staged)).toBe(0)
  })

  test('DEPLOY 10: from any append of a deployment on, nothing more is called, and every call that was made has its intent', async () => {
    const whole = await stage()
    const first = whole.store.appends()
    await whole.deploy(shop)
    const count = whole.store.appends() - first
    expect(count).toBeGreaterThan(15)
    // The first two appends record the model and the trigger: they are the caller's.
    for (let at = 3; at <= count; at++) {
      const staged = await stage()
      const before = staged.store.appends()
      let askedBefore = -1
      staged.store.onAppend((appended) => {
        if (appended - before !== at) return
        staged.store.setDown(true)
        askedBefore = asked(staged)
      })
      await staged.prod.deploy({ trigger: push('c1'), model: shop })
      await expect(staged.executor.stopped).rejects.toMatchObject({ code: 'store-unavailable' })
      expect({ at, asked: asked(staged) }).toEqual({ at, asked: askedBefore })
      const intents = (await collected(staged.kept.readAll({ types: ['StepStarted'] }))).length
      expect({ at, calls: staged.cloud.calls({ operation: 'create', effect: true }).length <= intents }).toEqual({
        at,
        calls: true,
      })
    }
  }, 60_000)

  test('DEPLOY 10: while a call waits to be made again under its intent, it is not made again', async () => {
    for (const happened of [true, false]) {
      const staged = await stage()
      await staged.deploy(shop)
      staged.cloud.faults.unknownOutcome({ operation: 'update', kind: 'service' }, { happened })
      staged.clock.autoAdvance(false)
      const deployment = await staged.prod.deploy({ trigger: push('c2'), model: rollout('checkout@sha256:2') })
      const isWaiting = () => staged.cloud.calls({ operation: 'update' }).length === 1
      for (let turn = 0; turn < 200 && !isWaiting(); turn++) await staged.clock.advance(100)
      expect(isWaiting()).toBe(true)
      staged.store.setDown(true)
      const before = asked(staged)
      staged.clock.autoAdvance(true)
      await expect(staged.executor.stopped).rejects.toMatchObject({ code: 'store-unavailable' })
      expect(asked(staged)).toBe(before)
      staged.store.setDown(false)
      staged.ledger.runDeployments()
      expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
      expect(staged.cloud.calls({ operation: 'update', effect: true })).toHaveLength(1)
    }
  })

  test('DEPLOY 10: whoever asks is told so and no provider is called; a view that was taken stays', async () => {
    const staged = await stage()
    await staged.deploy(shop)
    await staged.executor.stop()
    const { prod, ledger } = staged
    const view = await prod.graph()
    const nodes = view.nodes().length
    staged.store.setDown(true)
    const before = asked(staged)
    const questions: (() => Promise<unknown>)[] = [
      () => prod.graph(),
      () => prod.why('bucket/receipts'),
      () => prod.history('bucket/receipts'),
      () => prod.deployments(),
      () => prod.plan({ model: shop }),
      () => prod.reconcile(),
      () => prod.deploy({ trigger: push('c9'), model: shop }),
      () => prod.grantRole({ subject: 'grace', role: 'member' }, ada),
      () => collected(prod.timeline()),
      () => ledger.verify(),
    ]
    for (const question of questions) await expect(question()).rejects.toMatchObject({ code: 'store-unavailable' })
    expect(asked(staged)).toBe(before)
    expect(view.nodes()).toHaveLength(nodes)
    expect(view.node('bucket/receipts')?.properties).toMatchObject({ versioning: true })
    staged.store.setDown(false)
    expect((await prod.graph()).version).toBe(view.version)
  })
})
