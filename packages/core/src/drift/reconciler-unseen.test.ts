import { describe, expect, test } from 'vitest'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import { LedgerError } from '../ledger-error.ts'
import { lastObserved } from './last-observed.ts'
import { oneDatabase, retention, world } from './reconciler.fixture.ts'

describe('what a scan cannot see', () => {
  test('DRIFT 10: a resource that cannot be read decides nothing and is named', async () => {
    const { cloud, state, node, ...ledger } = oneDatabase()
    cloud.console('grace').modify('main', retention(3))
    cloud.faults.unreadable({ kind: 'sql-instance', name: 'main' }, { reason: 'access denied' })
    const result = await ledger.reconcile()
    expect(result).toMatchObject({
      decisions: new Map(),
      missing: [],
      unseen: [{ node, reason: 'access denied' }],
      unseenCount: 1,
    })
    expect(lastObserved(state, node)).toBe('never')
  })

  test('DRIFT 10: a resource that is still changing is named with its status', async () => {
    const { cloud, node, clock, ...ledger } = oneDatabase()
    clock.autoAdvance(false)
    cloud.console('grace').modify('main', retention(3), { takesMs: 600_000 })
    const result = await clock.runUntil(ledger.reconcile())
    expect(result.unseen).toEqual([{ node, reason: 'not settled: modifying' }])
  })

  test('DRIFT 10: a listing that fails does not make anything missing', async () => {
    const { cloud, node, ...ledger } = oneDatabase()
    cloud.faults.refuse({ operation: 'discover' }, { reason: 'access denied' })
    cloud.console('grace').modify('main', retention(3))
    const result = await ledger.reconcile()
    expect(result.missing).toEqual([])
    expect(result.decisions.get(node)).toHaveLength(1)
    expect(result.unseen).toMatchObject([{ reason: expect.stringContaining('access denied') }])
  })

  test('DRIFT 10: a provider that fails altogether ends its own part only', async () => {
    const clock = virtualClock({ start: '2026-01-05T09:00:00Z', autoAdvance: true })
    const clouds = ['one', 'two'].map((name) => fakeCloud({ clock, name }))
    const ledger = world({ clouds, clock })
    const nodes = clouds.map((cloud, index) => {
      const ref = cloud.console('ada').create('sql-instance', 'main', retention(7))
      const node = ledger.know(`sql-instance/main-${index}`, ref, { ...cloud.inspect.resource('main')?.properties })
      cloud.console('grace').modify('main', retention(3))
      return node
    })
    clouds[0]?.faults.refuse({})
    const result = await ledger.reconcile()
    expect([...result.decisions.keys()]).toEqual([nodes[1]])
    expect(result.unseen).toContainEqual({ provider: 'one', reason: expect.any(String) })
    expect(nodes.map((node) => lastObserved(ledger.state, node) === 'never')).toEqual([true, false])
  })

  test('a passing failure is waited for, a bounded number of times, and what came twice is counted once', async () => {
    const { cloud, clock, ...ledger } = oneDatabase()
    for (const name of ['a', 'b', 'c']) cloud.console('ada').create('bucket', name)
    cloud.faults.retryable({ operation: 'discover', nth: 2 }, 1, { retryAfterMs: 90_000 })
    const before = clock.now().getTime()
    expect((await ledger.reconcile()).counts).toMatchObject({ resources: 4, unmanaged: 3 })
    expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(90_000)
    cloud.faults.retryable({ operation: 'discover' }, 99)
    expect((await ledger.reconcile()).unseen).toHaveLength(1)
    expect(cloud.calls({ operation: 'discover' }).length).toBeLessThan(20)
  })

  test('providers without a cloud, and kinds that a cloud does not serve, are named as wholes', async () => {
    const { cloud, ref, state, node, ...ledger } = oneDatabase()
    const other = ledger.know('sql-instance/elsewhere', { ...ref, provider: 'elsewhere', id: 'x' }, {})
    const unserved = { ...cloud.provider, capabilities: () => undefined }
    const result = await ledger.reconcile({ clouds: [unserved] })
    expect(result.unseen).toEqual([
      { provider: 'fake', kind: 'sql-instance', reason: 'fake does not serve sql-instance' },
      { provider: 'elsewhere', reason: expect.stringContaining('no cloud is configured for elsewhere') },
    ])
    expect([node, other].map((known) => lastObserved(state, known))).toEqual(['never', 'never'])
  })

  test('a provider that forgets to answer for a ref is found out', async () => {
    const { cloud, node, ...ledger } = oneDatabase()
    const forgetful = { ...cloud.provider, async *discover() {}, async *observe() {} }
    expect((await ledger.reconcile({ clouds: [forgetful] })).unseen).toEqual([
      { node, reason: 'the provider gave no answer' },
    ])
  })

  test('values that a kind does not accept are named, the same problem once', async () => {
    const { cloud, ref, node, ...ledger } = oneDatabase()
    ledger.know('sql-instance/two', { ...ref, name: 'two', id: 'two' }, { availability: 'regional' })
    const found = (name: string, id: string | undefined) => {
      const observation = {
        kind: 'sql-instance',
        volatile: [],
        completeMaps: [],
        deferred: {},
        status: 'available',
        settled: true,
      }
      return {
        ...observation,
        ref: { ...ref, name, ...(id === undefined ? {} : { id }) },
        properties: { availability: 'multi' },
      }
    }
    const odd = {
      ...cloud.provider,
      async *discover() {
        yield { found: [found('main', ref.id), found('two', 'two')], missing: [], failed: [] }
      },
    }
    const result = await ledger.reconcile({ clouds: [odd] })
    expect(result.unseen).toEqual([{ reason: expect.stringContaining('availability') }])
    expect(result.decisions.get(node)).toBeUndefined()
  })

  test('an activity log that cannot be read leaves drift without an author for now', async () => {
    const { cloud, clock, state, ...ledger } = oneDatabase()
    cloud.console('grace').modify('main', retention(3))
    cloud.faults.refuse({ operation: 'activity' })
    await clock.advance(3_600_000)
    const result = await ledger.reconcile()
    expect(result.attributed).toEqual([])
    expect(result.unseen).toMatchObject([{ reason: expect.stringContaining('activity log') }])
    expect(state.drift.unattributed.size).toBe(1)
  })

  test('what is no provider’s error is thrown, and so is a ledger that refuses', async () => {
    const { cloud, append, ...ledger } = oneDatabase()
    const broken = {
      ...cloud.provider,
      discover: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new TypeError('a defect')) }) }),
    }
    await expect(ledger.reconcile({ clouds: [broken] })).rejects.toThrow('a defect')
    append([
      {
        type: 'ImportStarted',
        data: { import: 'i2', source: { type: 't', name: 'n', digest: 'd' }, nodes: 1, edges: 0 },
      },
    ])
    await expect(ledger.reconcile()).rejects.toMatchObject({ code: 'import-in-progress' })
  })

  test('an aborted scan stops between pages, and keeps what it recorded', async () => {
    const { cloud, state, ...ledger } = oneDatabase()
    cloud.console('grace').modify('main', retention(3))
    const controller = new AbortController()
    const provider = {
      ...cloud.provider,
      async *discover(...given: Parameters<typeof cloud.provider.discover>) {
        for await (const page of cloud.provider.discover(...given)) {
          yield page
          controller.abort(new Error('enough'))
          // As an adapter may put it whose HTTP client was aborted.
          throw new LedgerError('cloud-refused', 'aborted', {
            provider: 'fake',
            operation: 'discover',
            reason: 'aborted',
          })
        }
      },
    }
    const scan = ledger.reconcile({ signal: controller.signal, clouds: [provider], activityLogs: [] })
    await expect(scan).rejects.toThrow('enough')
    expect(ledger.commands.map(({ type }) => type)).toEqual(['record-observations'])
    expect(state.drift.scans).toEqual([])
  })
})
