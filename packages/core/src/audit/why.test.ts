import { scenario } from '@infraledger/testkit'
import { expect, test } from 'vitest'
import { loadState, saveState } from '../environment/snapshot.ts'
import { evolve } from '../environment/state.ts'
import { graphDraft } from '../graph/build.ts'
import { decideGraph } from '../graph/decide.ts'
import { importing, thing } from '../graph/import.fixture.ts'
import {
  attributed,
  byDeployment,
  changed,
  detected,
  drift,
  GRACE,
  MAIN,
  requested,
  story,
  triggered,
  valueOf,
} from './audit.fixture.ts'
import { why } from './why.ts'

const lastObserved = (): string => 'never'

test('AUDIT 1 | a property leads back to version, deployment, commit, trigger, approver, request and requester', () => {
  expect(valueOf(why(story().state, MAIN, 'backup.retentionDays', { lastObserved }))).toMatchObject({
    node: MAIN,
    property: 'backup.retentionDays',
    value: 14,
    previous: 7,
    version: 2,
    graphVersion: 2,
    effective: { certain: true },
    cause: { type: 'deployment', deployment: 'd-2' },
    deployment: {
      id: 'd-2',
      commit: 'c2',
      trigger: { type: 'git-push', pusher: 'ada' },
      runtime: { version: '1.2.3' },
      approvals: [{ by: { id: 'linus' }, comment: 'looks right' }],
    },
    requests: [{ id: 'r-1', requester: GRACE, reason: 'the audit asks for it', status: 'applied' }],
    lastObservedAt: 'never',
    open: { differences: [], requests: [], deferred: [] },
  })
})

test('AUDIT 1 | a property that later versions left alone keeps the lineage of the version that set it', () => {
  expect(valueOf(why(story().state, MAIN, 'tier', { lastObserved }))).toMatchObject({
    value: 'small',
    version: 1,
    deployment: { id: 'd-1', commit: 'c1' },
    requests: [],
  })
})

test('AUDIT 1 | a node as a whole: its newest version, and where it comes from', () => {
  const whole = valueOf(why(story().state, MAIN, undefined, { lastObserved }))
  expect(whole).toMatchObject({
    version: 2,
    deployment: { id: 'd-2' },
    created: { version: 1, deployment: { id: 'd-1' } },
  })
  expect(whole).not.toHaveProperty('property')
})

test('AUDIT 1 | as it was at an earlier graph version', () => {
  expect(valueOf(why(story().state, MAIN, 'backup.retentionDays', { at: 1, lastObserved }))).toMatchObject({
    value: 7,
    version: 1,
  })
})

test('AUDIT 1 | a property that is gone leads to what unset it', () => {
  const told = story().given(triggered('d-3', 'c3'))
  told.given(changed(told, byDeployment('d-3'), { unset: ['tier'] }))
  const lineage = valueOf(why(told.state, MAIN, 'tier', { lastObserved }))
  expect(lineage).toMatchObject({ previous: 'small', version: 3, deployment: { id: 'd-3' } })
  expect(lineage).not.toHaveProperty('value')
})

test('AUDIT 1 | after retirement and re-creation the answer is of the present incarnation', () => {
  const told = story()
  const draft = graphDraft(told.state, { type: 'repair', reason: 'a test' })
  draft.retireNode(MAIN, 'vanished')
  told.given(draft.events)
  expect(valueOf(why(told.state, MAIN, 'tier', { lastObserved }))).toMatchObject({
    value: 'small',
    version: 1,
    gone: { retired: 'vanished', version: 3 },
  })
  told.given(changed(told, { type: 'repair', reason: 'again' }, { set: { 'backup.retentionDays': 3 } }))
  expect(valueOf(why(told.state, MAIN, 'backup.retentionDays', { lastObserved }))).toMatchObject({
    value: 3,
    incarnation: 2,
    version: 4,
  })
  const gone = valueOf(why(told.state, MAIN, 'tier', { lastObserved }))
  expect(gone).toMatchObject({ incarnation: 2, version: 4, cause: { reason: 'again' } })
  expect(gone).not.toHaveProperty('value')
})

test('AUDIT 2 | drift names who is behind it: not told yet, told, or not to be known', () => {
  const told = story()
  const seenAt = '2026-01-05T10:00:00.000Z'
  told.given([detected(3, 'tier'), ...changed(told, drift, { set: { tier: 'large' }, effectiveAt: seenAt })])
  const of = () => valueOf(why(told.state, MAIN, 'tier', { lastObserved }))
  expect(of()).toMatchObject({
    drift: { observation: 'o1', attribution: 'pending' },
    effective: { certain: false, between: { after: '2026-01-05T08:00:00.000Z', before: '2026-01-05T10:00:00.000Z' } },
  })
  told.given(attributed(3, ['tier'], { type: 'user', id: 'eve' }))
  expect(of()).toMatchObject({
    drift: { attribution: { type: 'user', id: 'eve' }, activity: { operation: 'ModifyDBInstance' } },
    effective: { from: '2026-01-05T08:30:00.000Z', certain: true },
  })
  const other = story()
  other.given(changed(other, drift, { set: { tier: 'large' } })).given(attributed(3, ['tier'], 'unknown'))
  expect(valueOf(why(other.state, MAIN, 'tier', { lastObserved }))).toMatchObject({ drift: { attribution: 'unknown' } })
})

test('AUDIT 3 | an imported value names the source that it was imported from', () => {
  const told = scenario().and(
    decideGraph,
    importing([thing('a', { versioning: true })], { serial: 3, effectiveAt: '2025-06-01T00:00:00.000Z' }),
  )
  expect(valueOf(why(told.state, 'bucket/a', 'versioning', { lastObserved }))).toMatchObject({
    import: {
      source: { type: 'terraform', name: 'states.tfstate', serial: 3 },
      lineage: 'states',
      effectiveAt: '2025-06-01T00:00:00.000Z',
    },
    effective: { from: '2025-06-01T00:00:00.000Z' },
  })
})

test('AUDIT 4 | what is open about a property is told with it: difference, request, deferred value', () => {
  const told = story().given(requested('r-2', { tier: 'large', 'storage.gib': 50 }), { by: GRACE })
  const suppressed = {
    property: 'tier',
    recorded: 'small',
    observed: 'medium',
    decision: 'suppressed',
    decidedBy: 'request r-2',
    request: 'r-2',
  } as const
  told
    .given({ type: 'DriftDetected', data: { observation: 'o2', node: MAIN, version: 2, decisions: [suppressed] } })
    .given(triggered('d-3', 'c3'))
  told.given({
    type: 'StepDeferred',
    data: { deployment: 'd-3', step: 's', node: MAIN, deferred: { tier: 'large' }, until: '2026-01-11T03:00:00.000Z' },
  })
  const { open } = valueOf(why(told.state, MAIN, 'tier', { lastObserved }))
  expect(open).toMatchObject({
    differences: [{ property: 'tier', observed: 'medium', decision: 'suppressed' }],
    requests: [{ id: 'r-2', requester: GRACE, properties: ['tier'] }],
    deferred: [{ property: 'tier', value: 'large', deployment: 'd-3', until: '2026-01-11T03:00:00.000Z' }],
  })
  expect(valueOf(why(told.state, MAIN, undefined, { lastObserved })).open.requests).toMatchObject([
    { id: 'r-2', properties: ['tier', 'storage.gib'] },
  ])
  expect(valueOf(why(told.state, MAIN, 'backup.retentionDays', { lastObserved })).open).toEqual({
    differences: [],
    requests: [],
    deferred: [],
  })
})

test('mistyped nodes and properties are answered with the closest ones', () => {
  expect(why(story().state, 'sql-instance/mian', 'tier', { lastObserved })).toMatchObject({
    rejection: { code: 'node-not-found', details: { closest: [MAIN] } },
  })
  expect(why(story().state, MAIN, 'teir', { lastObserved })).toMatchObject({
    rejection: { code: 'property-unknown', details: { closest: ['tier'] } },
  })
})

test('a state from a snapshot answers what it holds and says where it needs the history', () => {
  const told = story()
  const loaded = loadState(saveState(told.state) ?? '')
  expect(why(loaded, MAIN, 'tier', { lastObserved })).toEqual({ type: 'not-loaded' })
  expect(why(loaded, MAIN, undefined, { lastObserved })).toEqual({ type: 'not-loaded' })
  expect(why(loaded, 'sql-instance/mian', 'tier', { lastObserved })).toMatchObject({ type: 'rejected' })
  const change = changed(told.given(triggered('d-3', 'c3')), byDeployment('d-3'), { set: { tier: 'large' } })
  const metadata = { actor: GRACE, recordedAt: '2026-01-06T00:00:00.000Z', correlationId: 'c', graphVersion: 3 }
  for (const { type, data } of change)
    if (type === 'NodeVersionRecorded') evolve(loaded, { type, data, metadata, id: 'e', revision: 99 })
  expect(why(loaded, MAIN, 'tier', { lastObserved })).toMatchObject({
    value: { value: 'large', previous: 'small', version: 3 },
  })
})

test('AUDIT 9 | the lineage of a property over a hundred thousand versions takes less than a millisecond once it is loaded', () => {
  const told = story()
  const metadata = { actor: GRACE, recordedAt: '2026-01-06T00:00:00.000Z', correlationId: 'c' }
  for (let version = 3; version <= 100_000; version++) {
    const data = {
      node: MAIN,
      version,
      incarnation: 1,
      set: { tier: `t${version}` },
      unset: [],
      cause: { type: 'repair', reason: 'a test' },
    } as const
    evolve(told.state, {
      type: 'NodeVersionRecorded',
      data: { ...data, unset: [] },
      metadata: { ...metadata, graphVersion: version },
      id: 'e',
      revision: version,
    })
  }
  valueOf(why(told.state, MAIN, 'tier', { lastObserved }))
  const times = Array.from({ length: 21 }, () => {
    const began = performance.now()
    expect(valueOf(why(told.state, MAIN, 'backup.retentionDays', { lastObserved })).deployment?.id).toBe('d-2')
    return performance.now() - began
  })
  expect(times.toSorted((a, b) => a - b)[10]).toBeLessThan(1)
})
