import { expect, test } from 'vitest'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { EventStore, Snapshot } from '../event-store/event-store.ts'
import { LedgerError } from '../ledger-error.ts'
import type { Environment } from './environment.ts'
import { ada } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'
import type { SnapshotPolicy } from './snapshot-policy.ts'
import type { LedgerWarning } from './warning.ts'

const STREAM = 'environment-prod'
const often: SnapshotPolicy = { everyEvents: 10 }

const thing = (value: number) => ({
  source: { type: 'test', name: 's', digest: `d${value}`, lineage: 'l', serial: value },
  nodes: [{ address: 'a', kind: 'thing', key: 'n', properties: { value } }],
  edges: [],
})

/** Opens prod of a store anew, and counts the events that are read and the warnings that are given. */
function opened(store: EventStore, snapshots: SnapshotPolicy = often) {
  let read = 0
  const counting: EventStore = {
    ...store,
    async *readStream(...args) {
      for await (const event of store.readStream(...args)) {
        read += 1
        yield event
      }
    },
  }
  const warnings: LedgerWarning[] = []
  const ledger = openLedger({ store: counting, snapshots, onWarning: (warning) => warnings.push(warning) })
  return { prod: ledger.environment('prod'), warnings, ledger, read: () => read }
}

/** A store in which prod has taken so many imports. */
async function filled(imports: number, snapshots: SnapshotPolicy = often): Promise<EventStore> {
  const store = inMemoryEventStore()
  const { ledger } = opened(store, snapshots)
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'development' }, ada)
  await change(prod, 1, imports)
  return store
}

async function change(prod: Environment, first: number, last: number): Promise<void> {
  for (let value = first; value <= last; value++) await prod.import(thing(value), ada)
  await prod.graph()
}

async function kept(store: EventStore): Promise<Snapshot> {
  const snapshot = await store.loadSnapshot(STREAM)
  if (snapshot === undefined) throw new Error('no snapshot was kept')
  return snapshot
}

async function lengthOf(store: EventStore): Promise<number> {
  let events = 0
  for await (const { revision } of store.readStream(STREAM)) events = revision + 1
  return events
}

test('LEDGER 10: a snapshot is taken after so many events, and a start reads what came after', async () => {
  const store = await filled(20)
  const { revision } = await kept(store)
  const cold = opened(store)
  await cold.prod.graph()
  expect(revision).toBeGreaterThan(40)
  expect(cold.read()).toBe((await lengthOf(store)) - revision)
  expect(cold.read()).toBeLessThanOrEqual(often.everyEvents + 1)
  expect(cold.warnings).toEqual([])
})

test('LEDGER 10: without snapshots none is taken and none is read', async () => {
  const store = await filled(20, 'off')
  expect(await store.loadSnapshot(STREAM)).toBeUndefined()
  const whole = await filled(20)
  const cold = opened(whole, 'off')
  await cold.prod.graph()
  expect(cold.read()).toBe(await lengthOf(whole))
})

test.each([0, -1, 1.5, 1_000_001, Number.NaN])('LEDGER 10: a policy of %s events is refused', (everyEvents) => {
  expect(() => openLedger({ store: inMemoryEventStore(), snapshots: { everyEvents } })).toThrow(
    expect.objectContaining({ code: 'input-invalid' }),
  )
})

const flipped = (text: string): string => text.replace(/"value":\d/, '"value":7')

test.each<[string, LedgerWarning['details']['problem'], (snapshot: Snapshot) => Snapshot]>([
  ['holds another value', 'damaged', (snapshot) => ({ ...snapshot, state: flipped(snapshot.state) })],
  ['is cut off', 'damaged', (snapshot) => ({ ...snapshot, state: snapshot.state.slice(0, -100) })],
  ['is empty', 'damaged', (snapshot) => ({ ...snapshot, state: '' })],
  ['has a longer end', 'damaged', (snapshot) => ({ ...snapshot, state: `${snapshot.state} ` })],
  ['is of another fold', 'other-version', (snapshot) => ({ ...snapshot, foldVersion: snapshot.foldVersion - 1 })],
  [
    'is of another schema version',
    'other-version',
    (snapshot) => ({ ...snapshot, state: snapshot.state.replace('"schemaVersion":', '"schemaVersion":9') }),
  ],
  ['is of a revision that is not there', 'revision-missing', (snapshot) => ({ ...snapshot, revision: 5_000 })],
  ['is of another event', 'history-differs', (snapshot) => ({ ...snapshot, hash: 'f'.repeat(64) })],
])(
  'LEDGER 11: a snapshot that %s is ignored with a warning; the replay answers the same, and a fresh one takes its place',
  async (_what, problem, damage) => {
    const store = await filled(20)
    const whole = opened(store, 'off').prod
    const damaged = damage(await kept(store))
    await store.saveSnapshot(damaged)

    const cold = opened(store)
    expect((await cold.prod.graph()).toJSON()).toEqual((await whole.graph()).toJSON())
    expect(await cold.prod.history('thing/n')).toEqual(await whole.history('thing/n'))
    const details = { environment: 'prod', revision: damaged.revision, problem }
    expect(cold.warnings).toEqual([{ code: 'snapshot-ignored', message: expect.stringMatching(/prod/), details }])

    const again = opened(store)
    expect((await again.prod.graph()).toJSON()).toEqual((await whole.graph()).toJSON())
    expect(again.warnings).toEqual([])
    expect(again.read()).toBe(1)
    await change(cold.prod, 21, 22)
    expect((await again.prod.graph()).node('thing/n')?.properties).toEqual({ value: 22 })
  },
)

test('LEDGER 11: a snapshot of a history that was rewritten, or restored from an older backup, is not believed', async () => {
  const [original, rewritten, restored] = [await filled(20), await filled(25), inMemoryEventStore()]
  const snapshot = await kept(original)
  for await (const event of original.readStream(STREAM, { limit: snapshot.revision - 5 })) {
    await restored.append(STREAM, [event], event.revision === 0 ? 'none' : event.revision - 1)
  }
  for (const [store, problem] of [
    [rewritten, 'history-differs'],
    [restored, 'revision-missing'],
  ] as const) {
    await store.saveSnapshot(snapshot, await store.loadSnapshot(STREAM))
    const cold = opened(store)
    expect((await cold.prod.graph()).toJSON()).toEqual((await opened(store, 'off').prod.graph()).toJSON())
    expect(cold.warnings).toMatchObject([{ details: { revision: snapshot.revision, problem } }])
    expect((await kept(store)).revision).toBe((await lengthOf(store)) - 1)
  }
})

test('LEDGER 12: an environment that could not be opened is opened by the next call', async () => {
  const store = await filled(20)
  let failures = 1
  const down = (): LedgerError<'store-unavailable'> =>
    new LedgerError('store-unavailable', 'down', { store: 'memory', appended: 'no' }, { retryable: true })
  const flaky: EventStore = {
    ...store,
    async loadSnapshot(stream) {
      if (failures-- > 0) throw down()
      return store.loadSnapshot(stream)
    },
  }
  const { prod } = opened(flaky)
  await expect(prod.graph()).rejects.toMatchObject({ code: 'store-unavailable' })
  expect((await prod.graph()).node('thing/n')?.properties).toEqual({ value: 20 })
})
