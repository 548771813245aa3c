import { describe, expect, test } from 'vitest'
import { decideDrift } from './decide.ts'
import { MAIN, observed, putOff, recorded, refOf, requested, scanned, seen, TARGET } from './drift.fixture.ts'
import { driftReport } from './report.ts'

describe('the drift of an environment', () => {
  test('is nothing where nothing was ever looked at, and says so', () => {
    expect(driftReport(recorded({ tier: 'large' }).state)).toEqual({
      environment: 'prod',
      lastScan: undefined,
      open: [],
      missing: [],
      unmanaged: [],
      extraGrants: [],
      adopted: [],
      inFlight: [],
      neverObserved: [MAIN],
    })
  })

  test('lists differences that stand with their reason, and when the node was last observed', () => {
    const story = recorded(
      { tier: 'large', 'backup.window': 'a' },
      { policies: [{ property: 'backup.*', decision: 'ignore', reason: 'noise' }] },
    )
      .given(requested('r1', { tier: 'huge' }))
      .and(decideDrift, observed(seen({ tier: 'small', 'backup.window': 'b' })))
      .and(decideDrift, scanned({ startedAt: '2026-01-05T09:59:00.000Z' }))
    expect(driftReport(story.state)).toMatchObject({
      lastScan: { startedAt: '2026-01-05T09:59:00.000Z', unseenCount: 0 },
      open: [
        {
          node: MAIN,
          property: 'tier',
          recorded: 'large',
          observed: 'small',
          decision: 'suppressed',
          request: 'r1',
          lastObserved: '2026-01-05T09:59:00.000Z',
        },
        { node: MAIN, property: 'backup.window', decision: 'ignored', decidedBy: 'noise' },
      ],
      neverObserved: [],
    })
  })

  test('lists what was adopted of late, newest first, and what is known of its author; first readings are none', () => {
    const story = recorded({ tier: 'large' })
      .and(decideDrift, observed(seen({ tier: 'small', 'backup.window': 'a' })))
      .and(decideDrift, observed(seen({ tier: 'huge', 'backup.window': 'a' })))
      .and(decideDrift, {
        type: 'attribute-drift',
        target: TARGET,
        entries: [
          {
            id: 'a1',
            at: '2026-01-05T10:00:00.000Z',
            ref: refOf('main'),
            operation: 'modify',
            principal: { type: 'user', id: 'grace' },
          },
        ],
      })
    expect(driftReport(story.state).adopted).toMatchObject([
      {
        node: MAIN,
        version: 4,
        property: 'tier',
        recorded: 'small',
        observed: 'huge',
        attribution: { principal: { id: 'grace' } },
      },
      { node: MAIN, version: 2, property: 'tier', recorded: 'large', observed: 'small', decidedBy: 'default' },
    ])
  })

  test('lists what is missing, unmanaged, and in flight', () => {
    const story = recorded({ tier: 'large' })
      .given(putOff({ tier: 'huge' }))
      .and(decideDrift, observed(seen({}, { ref: refOf('stranger') }), { missing: [refOf('main')] }))
    expect(driftReport(story.state)).toMatchObject({
      missing: [{ node: MAIN, lastObserved: 'never' }],
      unmanaged: [{ ref: { name: 'stranger' }, kind: 'sql-instance' }],
      inFlight: [{ node: MAIN, property: 'tier', value: 'huge', deployment: 'd1', until: undefined }],
    })
  })

  test('leaves out an unmanaged resource that has become known since', () => {
    const story = recorded({ tier: 'large' }).and(decideDrift, observed(seen({}, { ref: refOf('stranger') })))
    const cause = { type: 'import', import: 'i2' } as const
    const data = {
      node: 'sql-instance/stranger',
      version: 1,
      incarnation: 1,
      set: {},
      unset: [],
      cause,
      ref: refOf('stranger'),
      ownership: 'observed',
    } as const
    story.given({ type: 'NodeVersionRecorded', data: { ...data, unset: [] } })
    expect(driftReport(story.state).unmanaged).toEqual([])
  })
})
