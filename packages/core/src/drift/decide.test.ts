import { describe, expect, test } from 'vitest'
import { scenario } from '@infraledger/testkit'
import { aliveVersion } from '../graph/state.ts'
import { decideDrift } from './decide.ts'
import { MAIN, nodeVersion, observed, recorded, refOf, requested, scanned, seen } from './drift.fixture.ts'

const AT = '2026-01-05T10:00:00.000Z'
const LATER = '2026-01-05T11:00:00.000Z'
const retention = (days: number) => ({ 'backup.retentionDays': days })

describe('adopting what is there', () => {
  test('DRIFT 1: a property that churns by itself is never recorded', () => {
    recorded({ tier: 'large' })
      .when(
        decideDrift,
        observed(seen({ tier: 'large', 'provider.restorableTo': AT }, { volatile: ['provider.restorableTo'] })),
      )
      .thenNothing()
  })

  test('DRIFT 2: what is as recorded is nothing', () => {
    recorded({ tier: 'large', ...retention(7) })
      .when(decideDrift, observed(seen({ tier: 'large', ...retention(7) })))
      .thenNothing()
  })

  test('DRIFT 3: a difference is adopted as a new version, true since some moment between the two readings', () => {
    const story = recorded({ tier: 'large', ...retention(7) })
      .when(decideDrift, observed(seen({ tier: 'large', ...retention(14) }), { observation: 'o1' }))
      .then(
        {
          type: 'DriftDetected',
          data: {
            observation: 'o1',
            node: MAIN,
            version: 1,
            adoptedVersion: 2,
            lastSeenAt: '2026-01-05T08:00:00.000Z',
            decisions: [
              {
                property: 'backup.retentionDays',
                recorded: 7,
                observed: 14,
                decision: 'adopted',
                decidedBy: 'default',
              },
            ],
          },
        },
        {
          type: 'NodeVersionRecorded',
          data: {
            version: 2,
            set: retention(14),
            unset: [],
            cause: { type: 'drift', observation: 'o1', lastSeenAt: '2026-01-05T08:00:00.000Z' },
          },
        },
      )
    expect(aliveVersion(story.state.graph, MAIN)).toMatchObject({
      properties: { tier: 'large', ...retention(14) },
      effectiveAt: AT,
    })
  })

  test('DRIFT 3: several properties of one node are decided independently and adopted together', () => {
    recorded({ tier: 'large', 'backup.window': 'a', ...retention(7) })
      .given(requested('r1', { tier: 'huge' }))
      .when(decideDrift, observed(seen({ tier: 'small', 'backup.window': 'b', ...retention(14) })))
      .thenAmong({ type: 'NodeVersionRecorded', data: { version: 2, set: { 'backup.window': 'b', ...retention(14) } } })
      .when(decideDrift, observed(seen({ tier: 'small', 'backup.window': 'b', ...retention(14) })))
      .thenNothing()
  })

  test('DRIFT 3: a label that is gone from a complete map is gone from the record', () => {
    recorded({ 'labels["team"]': 'core', 'labels["tier"]': 'one' })
      .when(decideDrift, observed(seen({ 'labels["tier"]': 'one' }, { completeMaps: ['labels'] })))
      .thenAmong({ type: 'NodeVersionRecorded', data: { set: {}, unset: ['labels["team"]'] } })
  })

  test('DRIFT 3: what the provider says is unset becomes unset, once', () => {
    recorded({ 'backup.window': 'a' })
      .when(decideDrift, observed(seen({ 'backup.window': null })))
      .thenAmong({ type: 'NodeVersionRecorded', data: { unset: ['backup.window'] } })
      .when(decideDrift, observed(seen({ 'backup.window': null })))
      .thenNothing()
  })

  test('DRIFT 3: a first reading is recorded, without an alert and without anybody to look for', () => {
    const story = recorded({})
      .when(decideDrift, observed(seen({ ...retention(0), deletionProtection: false })))
      .then(
        { type: 'DriftDetected' },
        { type: 'NodeVersionRecorded', data: { set: { ...retention(0), deletionProtection: false } } },
      )
    expect(story.state.drift.unattributed.size).toBe(0)
    expect(story.state.drift.adoptions.size).toBe(0)
  })

  test('DRIFT 3: a first reading is a version of its own beside what drifted, without a moment after which it would have come about', () => {
    recorded({ tier: 'large' })
      .when(decideDrift, observed(seen({ tier: 'small', 'backup.window': 'a' }), { observation: 'o1' }))
      .then(
        { type: 'DriftDetected', data: { adoptedVersion: 2 } },
        { type: 'NodeVersionRecorded', data: { version: 2, set: { tier: 'small' }, cause: { type: 'drift' } } },
        {
          type: 'NodeVersionRecorded',
          data: {
            version: 3,
            set: { 'backup.window': 'a' },
            cause: { type: 'drift', observation: 'o1', firstReading: true },
          },
        },
      )
  })

  test('DRIFT 3: a label that comes to labels which were looked at is drift; the first one of all is a first reading', () => {
    const labels = (...names: readonly string[]) =>
      seen(Object.fromEntries(names.map((name) => [`labels["${name}"]`, 'x'])), { completeMaps: ['labels'] })
    const decidedBy = (label: string, by: string) =>
      ({ type: 'DriftDetected', data: { decisions: [{ property: `labels["${label}"]`, decidedBy: by }] } }) as const
    const read = scanned({ startedRevision: 1 })
    recorded({ 'labels["team"]': 'x' })
      .when(decideDrift, observed(labels('team', 'owner')))
      .thenAmong(decidedBy('owner', 'default'))
    recorded({})
      .when(decideDrift, observed(labels('owner')))
      .thenAmong(decidedBy('owner', 'first-reading'))
    recorded({})
      .and(decideDrift, observed(labels()))
      .and(decideDrift, read)
      .when(decideDrift, observed(labels('owner'), { observedAt: LATER }))
      .thenAmong(decidedBy('owner', 'default'))
  })

  test('DRIFT 3: what an adapter tells each time was unset when it is not recorded of a resource that was observed', () => {
    const key = (value: string | null) => seen({ 'provider.key': value }, { alwaysTold: ['provider.key'] })
    const read = scanned({ startedRevision: 1 })
    const decidedBy = (by: string) => ({ type: 'DriftDetected', data: { decisions: [{ decidedBy: by }] } }) as const
    recorded({})
      .when(decideDrift, observed(key('k')))
      .thenAmong(decidedBy('first-reading'))
    const seenUnset = () =>
      recorded({})
        .and(decideDrift, observed(key(null)))
        .and(decideDrift, read)
    seenUnset()
      .when(decideDrift, observed(key('k'), { observedAt: LATER }))
      .thenAmong(decidedBy('default'))
    seenUnset()
      .when(decideDrift, observed(seen({ 'provider.key': 'k' }), { observedAt: LATER }))
      .thenAmong(decidedBy('first-reading'))
  })

  test('DRIFT 3: a secret that was rotated outside is known by its fingerprint, never by its value', () => {
    const password = (fingerprint: string, keyId = 'k1') => ({ masterPassword: { $secret: { keyId, fingerprint } } })
    recorded(password('a'))
      .when(decideDrift, observed(seen(password('b'))))
      .thenAmong({ type: 'NodeVersionRecorded', data: { set: password('b') } })
      .when(decideDrift, observed(seen(password('c', 'k2'))))
      .thenNothing()
  })

  test('DRIFT 3: a value that the kind does not accept is no fact, and stops nothing else', () => {
    recorded({ availability: 'regional', tier: 'large' })
      .when(
        decideDrift,
        observed(seen({ availability: 'multi', noSuchProperty: 1, tier: 'small', masterPassword: 'plain text' })),
      )
      .then({ type: 'DriftDetected' }, { type: 'NodeVersionRecorded', data: { set: { tier: 'small' } } })
  })

  test('a provider that renames a resource, or tells its immutable id for the first time, mints a version with the new handle', () => {
    const withoutId = { provider: 'fake', account: 'main', region: 'north-1', type: 'sql-instance', name: 'main' }
    recorded({ tier: 'large' }, { ref: withoutId })
      .when(decideDrift, observed(seen({ tier: 'large' })))
      .then({ type: 'NodeVersionRecorded', data: { set: {}, ref: { ...withoutId, id: 'id-of-main' } } })
      .when(decideDrift, observed(seen({ tier: 'large' }, { ref: refOf('renamed', 'id-of-main') })))
      .then({ type: 'NodeVersionRecorded', data: { set: {}, ref: { name: 'renamed', id: 'id-of-main' } } })
  })
})

test('what one append cannot hold of a node is decided by the next observation', () => {
  const large = (letter: string) => ({ 'provider.a': letter.repeat(150_000), 'provider.b': letter.repeat(150_000) })
  recorded(large('x'))
    .when(decideDrift, observed(seen(large('y'))))
    .then({ type: 'DriftDetected', data: { decisions: [{ property: 'provider.a' }] } }, { type: 'NodeVersionRecorded' })
    .when(decideDrift, observed(seen(large('y'))))
    .then({ type: 'DriftDetected', data: { decisions: [{ property: 'provider.b' }] } }, { type: 'NodeVersionRecorded' })
    .when(decideDrift, observed(seen(large('y'))))
    .thenNothing()
})

test('a last sight that lies after the observation, by clocks that differ, is left out', () => {
  const { events } = recorded({})
    .given(nodeVersion(MAIN, { version: 2, set: { tier: 'large' }, cause: { type: 'import', import: 'i2' } }, LATER))
    .when(decideDrift, observed(seen({ tier: 'small' }), { observedAt: AT }))
  expect(events.map(({ data }) => 'lastSeenAt' in data)).toEqual([false, false])
})

test('an observation of an environment that knows nothing reports what is there', () => {
  scenario()
    .when(decideDrift, observed(seen({ tier: 'small' }), { startedRevision: -1 }))
    .then({ type: 'UnmanagedResourceDiscovered' })
})
