import { describe, expect, test } from 'vitest'
import type { Cause } from '../graph/cause.ts'
import { decideDrift } from './decide.ts'
import { MAIN, nodeVersion, observed, recorded, refOf, scanned, seen, TARGET } from './drift.fixture.ts'
import { lastObserved, lastSeen } from './last-observed.ts'

const elsewhere = { ...TARGET, region: 'south-1' }

describe('when a node was last observed', () => {
  test('DRIFT 19: each scan leaves one ObservationCompleted, however often it is told', () => {
    const scan = scanned({ unseen: [{ node: MAIN, reason: 'access denied' }], unseenCount: 1 })
    recorded({})
      .when(decideDrift, scan)
      .then({
        type: 'ObservationCompleted',
        data: {
          observation: scan.observation,
          scope: scan.scope,
          startedAt: scan.startedAt,
          counts: scan.counts,
          unseen: scan.unseen,
        },
      })
      .when(decideDrift, scan)
      .thenNothing()
  })

  test('DRIFT 19: never, as long as only an import told of it', () => {
    expect(lastObserved(recorded({}).state, MAIN)).toBe('never')
    expect(lastObserved(recorded({}).state, 'sql-instance/nobody')).toBe('never')
  })

  test('DRIFT 19: never, where a deployment recorded what no provider serves', () => {
    const cause: Cause = { type: 'deployment', deployment: 'd1', step: 'record:runbook/outage', requests: [] }
    const story = recorded({}).given(nodeVersion('runbook/outage', { cause, ownership: 'managed' }))
    expect(lastObserved(story.state, 'runbook/outage')).toBe('never')
  })

  test('DRIFT 19: when the last scan that saw it began', () => {
    const story = recorded({})
      .and(decideDrift, scanned())
      .and(decideDrift, scanned({ startedAt: '2026-01-05T09:00:00.000Z' }))
    expect(lastObserved(story.state, MAIN)).toBe('2026-01-05T09:30:00.000Z')
  })

  test.each([
    ['of its target', { scope: { type: 'targets', targets: [TARGET] } }, true],
    ['of another target', { scope: { type: 'targets', targets: [elsewhere] } }, false],
    [
      'of another target, and of all that is known',
      { scope: { type: 'targets', targets: [elsewhere], everywhere: true } },
      true,
    ],
    ['of its kind', { scope: { type: 'targets', targets: [TARGET], kinds: ['sql-instance'] } }, true],
    ['of another kind', { scope: { type: 'targets', targets: [TARGET], kinds: ['bucket'] } }, false],
    ['of this node', { scope: { type: 'nodes', nodes: [MAIN] } }, true],
    ['of another node', { scope: { type: 'nodes', nodes: ['sql-instance/other'] } }, false],
    ['that could not see it', { unseen: [{ node: MAIN, reason: 'denied' }], unseenCount: 1 }, false],
    ['that could not see its provider', { unseen: [{ provider: 'fake', reason: 'denied' }], unseenCount: 1 }, false],
    [
      'that could not see its kind',
      { unseen: [{ provider: 'fake', kind: 'sql-instance', reason: 'denied' }], unseenCount: 1 },
      false,
    ],
    [
      'that could not see another kind',
      { unseen: [{ provider: 'fake', kind: 'bucket', reason: 'denied' }], unseenCount: 1 },
      true,
    ],
    [
      'in which a listing failed, though all that is known was asked for',
      { unseen: [{ reason: 'the listing broke off' }], unseenCount: 1 },
      true,
    ],
    ['that could not list all that it did not see', { unseen: [{ reason: 'x' }], unseenCount: 2 }, false],
    ['that began before it was known', { startedRevision: 0 }, false],
  ] as const)('DRIFT 19: a scan %s', (_, scan, vouches) => {
    // The arrays of a table are read-only; a command's are not.
    const story = recorded({}).and(decideDrift, scanned(structuredClone(scan) as Parameters<typeof scanned>[0]))
    expect(lastObserved(story.state, MAIN)).toBe(vouches ? '2026-01-05T09:30:00.000Z' : 'never')
  })

  test('DRIFT 19: with a version that a provider’s answer is behind', () => {
    const deployed: Cause = { type: 'deployment', deployment: 'd1', requests: [] }
    const story = recorded({}).given(nodeVersion(MAIN, { version: 2, set: { tier: 'small' }, cause: deployed }), {
      at: '2026-01-05T09:10:00.000Z',
    })
    expect(lastObserved(story.state, MAIN)).toBe('2026-01-05T09:10:00.000Z')
    story.and(decideDrift, observed(seen({ tier: 'huge' }), { observedAt: '2026-01-05T09:20:00.000Z' }))
    expect(lastObserved(story.state, MAIN)).toBe('2026-01-05T09:20:00.000Z')
  })

  test('DRIFT 19: a node that comes back is not vouched for by scans of its former self', () => {
    const story = recorded({}).and(decideDrift, scanned({ startedRevision: 2 }))
    const cause = { type: 'import', import: 'i2' } as const
    story.given({ type: 'NodeRetired', data: { node: MAIN, version: 2, incarnation: 1, cause, reason: 'removed' } })
    story.given(nodeVersion(MAIN, { version: 3, incarnation: 2, cause, ref: refOf('main', 'id-2') }))
    expect(lastObserved(story.state, MAIN)).toBe('never')
  })
})

test('a property was last seen when it was recorded, or when a whole reading was; a write of another property says nothing of it', () => {
  const deployed: Cause = { type: 'deployment', deployment: 'd1', requests: [] }
  const story = recorded({ tier: 'large', 'backup.window': 'a' }).given(
    nodeVersion(MAIN, { version: 2, set: { tier: 'small' }, cause: deployed }),
    { at: '2026-01-05T09:10:00.000Z' },
  )
  expect(lastSeen(story.state, MAIN, ['tier'])).toBe('2026-01-05T09:10:00.000Z')
  expect(lastSeen(story.state, MAIN, ['tier', 'backup.window'])).toBe('2026-01-05T08:00:00.000Z')
  story.given(nodeVersion(MAIN, { version: 3, set: { tier: 'huge' } }), { at: '2026-01-05T09:20:00.000Z' })
  expect(lastSeen(story.state, MAIN, ['tier'])).toBe('2026-01-05T09:10:00.000Z')
})
