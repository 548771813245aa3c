import { describe, expect, test } from 'vitest'
import { aliveVersion } from '../graph/state.ts'
import { decideDrift } from './decide.ts'
import { MAIN, nodeVersion, observed, recorded, refOf, requested, seen, underWay } from './drift.fixture.ts'

const AT = '2026-01-05T10:00:00.000Z'
const LATER = '2026-01-05T11:00:00.000Z'
const retention = (days: number) => ({ 'backup.retentionDays': days })

describe('what is gone, unknown or not to be read', () => {
  const gone = (at = AT) => observed([], { missing: [refOf('main')], observedAt: at })

  test('DRIFT 9: a stateful resource that is gone is said once, with a critical alert, and stays in the graph', () => {
    const story = recorded({ tier: 'large' })
      .when(decideDrift, gone())
      .then(
        { type: 'ResourceMissing', data: { node: MAIN } },
        { type: 'AlertRaised', data: { reason: 'resource-missing', severity: 'critical' } },
      )
      .when(decideDrift, gone(LATER))
      .thenNothing()
    expect(aliveVersion(story.state.graph, MAIN)).toBeDefined()
  })

  test('DRIFT 9: one that answers again was found, and its properties count again', () => {
    const story = recorded({ tier: 'large' })
      .and(decideDrift, gone())
      .when(decideDrift, observed(seen({ tier: 'small' }), { observedAt: LATER }))
      .then({ type: 'ResourceFound', data: { node: MAIN } }, { type: 'DriftDetected' }, { type: 'NodeVersionRecorded' })
    expect(story.state.drift.missing.size).toBe(0)
  })

  test('DRIFT 9: another thing under the old name is not the old thing (name reuse)', () => {
    const other = seen({ tier: 'small' }, { ref: refOf('main', 'another-id') })
    recorded({ tier: 'large' })
      .when(decideDrift, observed(other, { asked: true }))
      .then(
        { type: 'ResourceMissing', data: { node: MAIN } },
        { type: 'AlertRaised' },
        { type: 'UnmanagedResourceDiscovered', data: { ref: { id: 'another-id' } } },
      )
    // A listing may tell the old thing, renamed, on its next page.
    recorded({ tier: 'large' }).when(decideDrift, observed(other)).then({ type: 'UnmanagedResourceDiscovered' })
  })

  test('DRIFT 9: a name that a renamed thing had once is free for others', () => {
    const another = seen({}, { ref: refOf('main', 'another-id') })
    recorded({ tier: 'large' })
      .and(decideDrift, observed(seen({ tier: 'large' }, { ref: refOf('renamed', 'id-of-main') })))
      .when(decideDrift, observed(another, { asked: true }))
      .then({ type: 'UnmanagedResourceDiscovered' })
  })

  test('DRIFT 10: what could not be read, and properties that were not looked at, decide nothing', () => {
    recorded({ tier: 'large', 'labels["team"]': 'core', ...retention(7) })
      .when(
        decideDrift,
        observed(seen({ tier: 'large' }), {
          failed: [{ ref: refOf('main'), reason: 'access denied' }, { reason: 'the listing broke off' }],
        }),
      )
      .thenNothing()
  })

  test.each(['creating', 'modifying', 'a-status-of-tomorrow'])(
    'DRIFT 10: while a resource is %s its values are not final',
    (status) => {
      recorded({ tier: 'large' })
        .when(decideDrift, observed(seen({ tier: 'small' }, { status, settled: false })))
        .thenNothing()
    },
  )

  test('DRIFT 10: a resource that is observed as another kind than recorded decides nothing about properties', () => {
    recorded({ tier: 'large' })
      .when(decideDrift, observed(seen({ tier: 'small' }, { kind: 'bucket' })))
      .thenNothing()
  })

  test('DRIFT 11: the same observation twice changes nothing, in one page or in two', () => {
    const twice = seen({ tier: 'small', ...retention(0), deletionProtection: false })
    const page = observed([twice, twice, seen({}, { ref: refOf('stranger') })])
    recorded({ tier: 'large', deletionProtection: true, ...retention(7) })
      .when(decideDrift, page)
      .then(
        { type: 'DriftDetected' },
        { type: 'NodeVersionRecorded', data: { version: 2 } },
        { type: 'AlertRaised' },
        { type: 'AlertRaised' },
        { type: 'UnmanagedResourceDiscovered' },
      )
      .when(decideDrift, page)
      .thenNothing()
  })

  test('DRIFT 14: a resource that no node knows is reported once and left alone', () => {
    const stranger = seen({ tier: 'small' }, { ref: refOf('stranger') })
    const story = recorded({ tier: 'large' })
      .when(decideDrift, observed(stranger))
      .then({ type: 'UnmanagedResourceDiscovered', data: { kind: 'sql-instance', ref: { name: 'stranger' } } })
      .when(decideDrift, observed(stranger))
      .thenNothing()
      .when(decideDrift, observed([], { missing: [refOf('stranger')] }))
      .then({ type: 'UnmanagedResourceGone', data: { ref: { name: 'stranger' } } })
    expect(story.state.drift.unmanaged.size).toBe(0)
  })

  test('DRIFT 14: what we are creating right now is not unmanaged', () => {
    const intent = {
      deployment: 'd1',
      step: 's1',
      attempt: 1,
      idempotencyKey: 'd1/s1',
      node: 'sql-instance/new',
      operation: 'create',
      name: 'new',
      changes: {},
      expected: {},
    } as const
    const story = recorded({ tier: 'large' })
    underWay(story.state, 'sql-instance/new', intent)
    story
      .when(
        decideDrift,
        observed([seen({}, { ref: refOf('new') }), seen({}, { ref: refOf('odd'), idempotencyKey: 'd1/s1' })]),
      )
      .thenNothing()
    underWay(story.state, 'sql-instance/new', intent, 'succeeded')
    story.when(decideDrift, observed(seen({}, { ref: refOf('new') }))).then({ type: 'UnmanagedResourceDiscovered' })
  })

  test('DRIFT 15: growth is adopted, and ends a request that it exceeds; the value is the world’s, not the request’s', () => {
    recorded({ 'storage.gib': 100 })
      .when(decideDrift, observed(seen({ 'storage.gib': 150 })))
      .then(
        { type: 'DriftDetected', data: { decisions: [{ decidedBy: 'growth' }] } },
        { type: 'NodeVersionRecorded', data: { set: { 'storage.gib': 150 } } },
      )
    recorded({ 'storage.gib': 100 })
      .given(requested('r1', { 'storage.gib': 120 }))
      .when(decideDrift, observed(seen({ 'storage.gib': 150 })))
      .then(
        { type: 'DriftDetected', data: { decisions: [{ decision: 'converged' }] } },
        { type: 'NodeVersionRecorded', data: { set: { 'storage.gib': 150 }, cause: { type: 'drift' } } },
        { type: 'ChangeConverged', data: { request: 'r1' } },
      )
  })
})

describe('old news', () => {
  test('DRIFT 17: a node with a version that is younger than the read is left alone', () => {
    const story = recorded({ tier: 'large' }).given(nodeVersion(MAIN, { version: 2, set: { tier: 'huge' } }))
    story.when(decideDrift, observed(seen({ tier: 'large' }), { startedRevision: 1 })).thenNothing()
    story.when(decideDrift, observed([], { missing: [refOf('main')], startedRevision: 1 })).thenNothing()
    story
      .when(decideDrift, observed(seen({ tier: 'large' }), { startedRevision: 2 }))
      .thenAmong({ type: 'NodeVersionRecorded' })
  })

  test('DRIFT 17: a node with an open step is left alone', () => {
    const story = recorded({ tier: 'large' })
    underWay(story.state, MAIN)
    story.when(decideDrift, observed(seen({ tier: 'small' }))).thenNothing()
    story.when(decideDrift, observed([], { missing: [refOf('main')] })).thenNothing()
  })

  test('DRIFT 17: an observation that is older in the world than the last one decides nothing', () => {
    recorded({ tier: 'large' })
      .and(decideDrift, observed(seen({ tier: 'small' }), { observedAt: LATER }))
      .when(decideDrift, observed(seen({ tier: 'large' }), { observedAt: AT }))
      .thenNothing()
  })

  test('DRIFT 17: a difference that another observation recorded after this one began is not taken back by it', () => {
    const story = recorded(retention(7))
      .given(requested('r1', retention(14)))
      .and(decideDrift, observed(seen(retention(3))))
    story.when(decideDrift, observed(seen(retention(7)), { startedRevision: 2 })).thenNothing()
    story.when(decideDrift, observed(seen(retention(7)), { startedRevision: 3 })).then({ type: 'DriftDetected' })
  })

  test('while an import is not complete nothing is recorded', () => {
    const source = { type: 'terraform', name: 'x.tfstate', digest: 'abc' }
    recorded({ tier: 'large' })
      .given({ type: 'ImportStarted', data: { import: 'i2', source, nodes: 1, edges: 0 } })
      .when(decideDrift, observed(seen({ tier: 'small' })))
      .thenRejected('import-in-progress', { import: 'i2', source: 'x.tfstate' })
  })
})
