import { describe, expect, test } from 'vitest'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion } from '../graph/state.ts'
import { lastObserved } from './last-observed.ts'
import type { ReconcilerPorts } from './reconciler.ts'
import { oneDatabase, retention, world } from './reconciler.fixture.ts'
import { driftReport } from './report.ts'

describe('a scan', () => {
  test('DRIFT 3: observes, adopts into the ledger, writes nothing to the cloud, and says what it did', async () => {
    const { cloud, clock, state, node, ...ledger } = oneDatabase()
    await clock.advance(3_600_000)
    cloud.console('grace').modify('main', retention(3))
    await clock.advance(60_000)
    const result = await ledger.reconcile()
    expect(aliveVersion(state.graph, node)?.properties).toMatchObject({ tier: 'large', ...retention(3) })
    expect(result.counts).toMatchObject({ resources: 1, unchanged: 0, adopted: 1, missing: 0, unmanaged: 0 })
    expect(result.decisions.get(node)).toMatchObject([
      { property: 'backup.retentionDays', recorded: 7, observed: 3, decision: 'adopted' },
    ])
    expect(cloud.calls({ effect: true })).toEqual([])
  })

  test('DRIFT 13: has its drift attributed to the person behind it', async () => {
    const { cloud, clock, state, node, ...ledger } = oneDatabase()
    await clock.advance(3_600_000)
    cloud.console('grace').modify('main', retention(3))
    await clock.advance(60_000)
    const result = await ledger.reconcile()
    expect(result.attributed).toMatchObject([
      { node, version: 2, properties: ['backup.retentionDays'], principal: { type: 'user', id: 'grace' } },
    ])
    expect(driftReport(state).adopted).toMatchObject([
      { node, property: 'backup.retentionDays', attribution: { principal: { id: 'grace' } } },
    ])
  })

  test('DRIFT 13: reads a log that lags again, until it has settled, and then says unknown', async () => {
    const clock = virtualClock({ start: '2026-01-05T09:00:00Z', autoAdvance: true })
    const cloud = fakeCloud({ clock, activityDelayMs: 300_000 })
    const silent = { provider: 'fake', async *entries() {} }
    const ref = cloud.console('ada').create('sql-instance', 'main', retention(7))
    const ledger = world({ clouds: [cloud], clock })
    ledger.know('sql-instance/main', ref, { ...cloud.inspect.resource('main')?.properties })
    cloud.console('grace').modify('main', retention(3))
    expect((await ledger.reconcile()).attributed).toEqual([])
    await clock.advance(600_000)
    expect((await ledger.reconcile()).attributed).toMatchObject([{ principal: { id: 'grace' } }])
    cloud.console('grace').modify('main', retention(4))
    expect((await ledger.reconcile({ activityLogs: [silent] })).attributed).toEqual([])
    await clock.advance(900_000)
    expect((await ledger.reconcile({ activityLogs: [silent] })).attributed).toMatchObject([{ principal: 'unknown' }])
  })

  test('DRIFT 20: records what was done and undone between two scans, once', async () => {
    const { cloud, clock, ...ledger } = oneDatabase()
    await ledger.reconcile()
    cloud.console('grace').modify('main', retention(3))
    cloud.console('grace').modify('main', retention(7))
    await clock.advance(60_000)
    const activities = () => ledger.state.drift.activities.size
    const before = activities()
    await ledger.reconcile()
    expect(activities()).toBe(before + 2)
    await ledger.reconcile()
    expect(activities()).toBe(before + 2)
  })

  test('DRIFT 20: reads a log again as far back as entries may be late', async () => {
    const clock = virtualClock({ start: '2026-01-05T09:00:00Z', autoAdvance: true })
    const cloud = fakeCloud({ clock, activityDelayMs: 300_000 })
    const ref = cloud.console('ada').create('sql-instance', 'main', retention(7))
    const ledger = world({ clouds: [cloud], clock })
    ledger.know('sql-instance/main', ref, { ...cloud.inspect.resource('main')?.properties })
    await clock.advance(3_600_000)
    cloud.console('grace').modify('main', retention(3))
    cloud.console('grace').modify('main', retention(7))
    await clock.advance(60_000)
    await ledger.reconcile()
    const before = ledger.state.drift.activities.size
    await clock.advance(300_000)
    await ledger.reconcile()
    expect(ledger.state.drift.activities.size).toBe(before + 2)
  })

  test('DRIFT 20: reads a log from where the last reading ended, although drift that waits is younger', async () => {
    const { cloud, clock, state, ...ledger } = oneDatabase()
    await ledger.reconcile()
    await clock.advance(3_600_000)
    cloud.console('grace').modify('main', retention(3))
    cloud.console('grace').modify('main', retention(7))
    const refusing = cloud.faults.refuse({ operation: 'activity' })
    await clock.advance(3_600_000)
    await ledger.reconcile()
    refusing.lift()
    const before = state.drift.activities.size
    cloud.console('grace').modify('main', retention(3))
    await clock.advance(3_600_000)
    await ledger.reconcile()
    expect(state.drift.activities.size).toBe(before + 3)
  })

  test('DRIFT 13: reads a log as far back as drift may be old, although it was read since', async () => {
    const { cloud, clock, ...ledger } = oneDatabase()
    await ledger.reconcile()
    const unreadable = cloud.faults.unreadable({ kind: 'sql-instance', name: 'main' })
    cloud.console('grace').modify('main', retention(3))
    for (let hour = 1; hour <= 3; hour++) {
      await clock.advance(3_600_000)
      await ledger.reconcile()
    }
    unreadable.lift()
    expect((await ledger.reconcile()).attributed).toMatchObject([{ principal: { id: 'grace' } }])
  })

  test('DRIFT 11: a second scan of the same world leaves only its ObservationCompleted', async () => {
    const { cloud, state, clock, ...ledger } = oneDatabase()
    cloud.console('grace').modify('main', retention(0))
    cloud.console('grace').create('bucket', 'stranger')
    await ledger.reconcile()
    await clock.advance(60_000)
    const version = state.graph.version
    const result = await ledger.reconcile()
    expect(result).toMatchObject({
      missing: [],
      unmanaged: [],
      unseen: [],
      counts: { resources: 2, unchanged: 2, adopted: 0, unmanaged: 0 },
    })
    expect(state.graph.version).toBe(version)
    expect(state.drift.scans).toHaveLength(2)
  })

  test('DRIFT 9, 14: says what is gone and what no node knows, and sees when that is over', async () => {
    const { cloud, state, node, ...ledger } = oneDatabase()
    cloud.console('grace').remove('main')
    cloud.console('grace').create('bucket', 'stranger')
    const result = await ledger.reconcile()
    expect(result).toMatchObject({
      missing: [node],
      unmanaged: [{ kind: 'bucket', ref: { name: 'stranger' } }],
      counts: { missing: 1, unmanaged: 1 },
    })
    expect(driftReport(state)).toMatchObject({ missing: [{ node }], unmanaged: [{ kind: 'bucket' }] })
    cloud.console('grace').remove('stranger')
    await ledger.reconcile()
    expect(driftReport(state).unmanaged).toEqual([])
  })

  test('DRIFT 9: a name that was given to another thing', async () => {
    const { cloud, node, ...ledger } = oneDatabase()
    cloud.console('grace').remove('main')
    const other = cloud.console('grace').create('sql-instance', 'main', { tier: 'small' })
    const result = await ledger.reconcile()
    expect(result.missing).toEqual([node])
    expect(result.unmanaged).toEqual([{ kind: 'sql-instance', ref: other }])
  })

  test('DRIFT 19: says when each node was last observed', async () => {
    const { state, node, ...ledger } = oneDatabase()
    expect(lastObserved(state, node)).toBe('never')
    expect(driftReport(state)).toMatchObject({ lastScan: undefined, neverObserved: [node] })
    const { startedAt } = await ledger.reconcile()
    expect(lastObserved(state, node)).toBe(startedAt)
    expect(driftReport(state)).toMatchObject({ lastScan: { startedAt, unseenCount: 0 }, neverObserved: [] })
  })
})

describe('what a scan looks at', () => {
  test('what the ledger knows outside of the environment’s targets is asked for, never listed', async () => {
    const { cloud, clock, state, ...ledger } = oneDatabase()
    const south = { ...cloud.target, region: 'south-1' }
    const ref = cloud.console('ada').create('sql-instance', 'far', { tier: 'large' }, { target: south })
    cloud.console('ada').create('sql-instance', 'stranger', {}, { target: south })
    const far = ledger.know('sql-instance/far', ref, { ...cloud.inspect.resource('far')?.properties })
    cloud.console('grace').modify('far', { 'backup.retentionDays': 9 })
    await clock.advance(1_000)
    const result = await ledger.reconcile()
    expect(result.decisions.get(far)).toHaveLength(1)
    expect(result.unmanaged).toEqual([])
    expect(lastObserved(state, far)).toBe(result.startedAt)
  })

  test('one target, one kind, or some nodes', async () => {
    const { cloud, node, clock, ...ledger } = oneDatabase()
    const ref = cloud.console('ada').create('bucket', 'files', { versioning: true })
    const files = ledger.know('bucket/files', ref, { ...cloud.inspect.resource('files')?.properties })
    let days = 10
    const drift = async (scope: ReconcilerPorts['scope'] & object) => {
      days += 1
      cloud.console('grace').modify('main', retention(days))
      cloud.console('grace').modify('files', { 'labels["days"]': String(days) })
      await clock.advance(1_000)
      return [...(await ledger.reconcile({ scope })).decisions.keys()].toSorted()
    }
    expect(await drift({ type: 'targets', targets: [cloud.target], kinds: ['bucket'] })).toEqual([files])
    expect(await drift({ type: 'nodes', nodes: [node] })).toEqual([node])
    expect(await drift({ type: 'targets', targets: [{ ...cloud.target, region: 'south-1' }] })).toEqual([])
    expect(await drift({ type: 'environment' })).toEqual([files, node])
  })

  test('too many nodes are refused before anything is read', async () => {
    const nodes = Array.from({ length: 2_001 }, (_, index): NodeId => `bucket/b${index}`)
    await expect(oneDatabase().reconcile({ scope: { type: 'nodes', nodes } })).rejects.toMatchObject({
      code: 'input-invalid',
    })
  })

  test('large answers are recorded in pages', async () => {
    const clock = virtualClock({ start: '2026-01-05T09:00:00Z', autoAdvance: true })
    const cloud = fakeCloud({ clock, pageSize: 450 })
    for (let index = 0; index < 450; index++) cloud.console('ada').create('bucket', `b${index}`)
    const ledger = world({ clouds: [cloud], clock })
    const result = await ledger.reconcile()
    expect(result.counts).toMatchObject({ resources: 450, unmanaged: 450, unchanged: 0 })
    const sizes = ledger.commands.flatMap((command) =>
      command.type === 'record-observations' ? [command.resources.length] : [],
    )
    expect(sizes).toEqual([200, 200, 50])
  })
})
