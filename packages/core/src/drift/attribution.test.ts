import { describe, expect, test } from 'vitest'
import type { ActivityEntry } from '../cloud/activity-log.ts'
import type { DriftCommandOf } from './commands.ts'
import { decideDrift } from './decide.ts'
import { MAIN, nodeVersion, observed, recorded, refOf, requested, scanned, seen, TARGET } from './drift.fixture.ts'

const person = (id: string) => ({ type: 'user', id }) as const
const entry = (id: string, at: string, given: Partial<ActivityEntry> = {}): ActivityEntry => {
  return {
    id,
    at: `2026-01-05T${at}.000Z`,
    ref: refOf('main'),
    operation: 'modify',
    principal: person('grace'),
    ...given,
  }
}
const log = (entries: readonly ActivityEntry[], until = '10:05:00'): DriftCommandOf<'attribute-drift'> => {
  return { type: 'attribute-drift', target: TARGET, entries, until: `2026-01-05T${until}.000Z` }
}
/** Recorded at 08:00, observed otherwise at 10:00. */
const drifted = () =>
  recorded({ tier: 'large', 'backup.window': 'a' }).and(
    decideDrift,
    observed(seen({ tier: 'small', 'backup.window': 'b' })),
  )
const setsTier = { properties: ['tier'] }
const setsBoth = { properties: ['tier', 'backup.window'] }

describe('who is behind drift', () => {
  test('DRIFT 13: the caller that the log names, with the moment of the call', () => {
    const story = drifted()
      .when(decideDrift, log([entry('a1', '09:12:00', setsBoth)]))
      .then({
        type: 'DriftAttributed',
        data: {
          node: MAIN,
          version: 2,
          properties: ['tier', 'backup.window'],
          principal: person('grace'),
          activity: { id: 'a1', operation: 'modify', at: '2026-01-05T09:12:00.000Z' },
        },
      })
    expect(story.state.drift.unattributed.size).toBe(0)
    story.when(decideDrift, log([entry('a1', '09:12:00', setsBoth)], '11:00:00')).thenNothing()
  })

  test('DRIFT 13: each property has its own author; of several callers the last before the observation', () => {
    const calls = [
      entry('a1', '09:00:00', { ...setsBoth, principal: person('ada') }),
      entry('a2', '09:30:00', { ...setsTier, principal: person('grace') }),
      entry('a3', '10:00:01', { ...setsTier, principal: person('too late') }),
    ]
    drifted()
      .when(decideDrift, log(calls.toReversed()))
      .thenAmong({ type: 'DriftAttributed', data: { properties: ['tier'], principal: person('grace') } })
    drifted()
      .when(decideDrift, log(calls))
      .thenAmong({ type: 'DriftAttributed', data: { properties: ['backup.window'], principal: person('ada') } })
  })

  test('DRIFT 13: a call that was refused is behind no drift; it is told with what it was made with, and why it came to nothing', () => {
    const tried = {
      principal: person('mallory'),
      refused: 'AccessDenied',
      tool: 'curl/8',
      sourceAddress: '203.0.113.7',
    }
    const calls = [entry('a1', '09:00:00', setsBoth), entry('a2', '09:30:00', { ...setsBoth, ...tried })]
    drifted()
      .when(decideDrift, log(calls))
      .thenAmong({ type: 'DriftAttributed', data: { properties: ['tier', 'backup.window'], activity: { id: 'a1' } } })
    drifted()
      .when(decideDrift, log(calls))
      .thenAmong({
        type: 'ActivityObserved',
        data: {
          principal: person('mallory'),
          activity: { id: 'a2', refused: 'AccessDenied', tool: 'curl/8', sourceAddress: '203.0.113.7' },
        },
      })
  })

  test('DRIFT 13: a log that does not say what was set is believed while only one caller comes into question', () => {
    drifted()
      .when(decideDrift, log([entry('a1', '09:00:00'), entry('a2', '09:30:00')]))
      .thenAmong({ type: 'DriftAttributed', data: { properties: ['tier', 'backup.window'], activity: { id: 'a2' } } })
  })

  test.each([
    [
      'two callers, and the log does not say what they set',
      [entry('a1', '09:00:00', { principal: person('ada') }), entry('a2', '09:30:00')],
    ],
    [
      'one said to set it, and another afterwards who may have',
      [entry('a1', '09:00:00', { ...setsBoth, principal: person('ada') }), entry('a2', '09:30:00')],
    ],
    ['nobody', []],
    ['a caller before it was last seen as recorded', [entry('a1', '07:59:58', setsBoth)]],
    ['a caller that set something else', [entry('a1', '09:00:00', { properties: ['availability'] })]],
    ['a call on another resource', [entry('a1', '09:00:00', { ref: refOf('other') })]],
    ['our own call', [entry('a1', '09:00:00', { ...setsBoth, idempotencyKey: 'd1/s1' })]],
  ])('DRIFT 13: %s: unknown, once the log has settled, and not guessed before', (_, entries) => {
    drifted().when(decideDrift, log(entries, '10:14:59')).thenNo('DriftAttributed')
    const story = drifted()
      .when(decideDrift, log(entries, '10:15:00'))
      .thenAmong({
        type: 'DriftAttributed',
        data: { node: MAIN, version: 2, properties: ['tier', 'backup.window'], principal: 'unknown' },
      })
    expect(story.state.drift.unattributed.size).toBe(0)
  })

  test('DRIFT 13: while more pages of the log follow, nothing is given up', () => {
    const { until: _, ...page } = log([], '12:00:00')
    drifted().when(decideDrift, page).thenNothing()
  })

  test('DRIFT 13: the log of another place does not settle it', () => {
    drifted()
      .when(decideDrift, { ...log([], '12:00:00'), target: { ...TARGET, region: 'south-1' } })
      .thenNothing()
  })

  test('DRIFT 13: log times are cut to the second, so a call may bear a time just before the last scan', () => {
    recorded({ tier: 'large' })
      .and(decideDrift, scanned({ startedAt: '2026-01-05T09:30:00.700Z' }))
      .and(decideDrift, observed(seen({ tier: 'small' })))
      .when(decideDrift, log([entry('a1', '09:30:00', setsTier)]))
      .then({ type: 'DriftAttributed' })
  })

  test('DRIFT 13: drift that was not adopted has an author too', () => {
    const story = recorded({ tier: 'large' })
      .given(requested('r1', { tier: 'huge' }))
      .and(decideDrift, observed(seen({ tier: 'small' })))
      .when(decideDrift, log([entry('a1', '09:00:00', setsTier)]))
      .then({ type: 'DriftAttributed', data: { version: 1, principal: person('grace') } })
    expect(story.state.drift.open.get(MAIN)?.get('tier')?.attribution).toMatchObject({ principal: person('grace') })
  })

  test('DRIFT 13: the author of a former version is not the author of what stands now', () => {
    const story = drifted()
      .given(requested('r1', { tier: 'huge' }))
      .and(
        decideDrift,
        observed(seen({ tier: 'tiny', 'backup.window': 'b' }), { observedAt: '2026-01-05T11:00:00.000Z' }),
      )
      .and(decideDrift, log([entry('a1', '09:30:00', setsTier)]))
    expect(story.state.drift.open.get(MAIN)?.get('tier')?.attribution).toBeUndefined()
    expect([...story.state.drift.adoptions.values()].map(({ attributions }) => attributions.has('tier'))).toEqual([
      true,
    ])
  })
})

describe('what else was done', () => {
  test('DRIFT 20: a call of which no difference remains is recorded, once', () => {
    const calls = [entry('a1', '09:00:00', setsTier), entry('a2', '09:01:00', { operation: 'reboot', properties: [] })]
    recorded({ tier: 'large' })
      .when(decideDrift, log(calls))
      .then(
        {
          type: 'ActivityObserved',
          data: { node: MAIN, activity: { id: 'a1' }, principal: person('grace'), properties: ['tier'] },
        },
        { type: 'ActivityObserved', data: { activity: { id: 'a2', operation: 'reboot' }, properties: [] } },
      )
      .when(decideDrift, log(calls))
      .thenNothing()
  })

  test('DRIFT 20: calls of two providers that bear one id are two', () => {
    const other = 'service/shop'
    const ref = { ...refOf('shop', 'id-of-shop', 'service'), provider: 'runner' }
    const elsewhere = { ...TARGET, provider: 'runner' }
    recorded({ tier: 'large' })
      .given(nodeVersion(other, { ref, ownership: 'managed' }))
      .and(decideDrift, log([entry('a1', '09:00:00', setsTier)]))
      .when(decideDrift, { ...log([entry('a1', '09:30:00', { ref, properties: ['image'] })]), target: elsewhere })
      .then({ type: 'ActivityObserved', data: { node: other, activity: { id: 'a1' }, properties: ['image'] } })
  })

  test('DRIFT 20: our own calls and calls on things that no node knows are left out', () => {
    recorded({ tier: 'large' })
      .when(
        decideDrift,
        log([
          entry('a1', '09:00:00', { idempotencyKey: 'd1/s1' }),
          entry('a2', '09:00:00', { ref: refOf('stranger') }),
        ]),
      )
      .thenNothing()
  })

  test('DRIFT 20: a call that was recorded before its difference showed is still its author', () => {
    const call = entry('a1', '09:00:00', setsTier)
    recorded({ tier: 'large' })
      .and(decideDrift, log([call]))
      .and(decideDrift, observed(seen({ tier: 'small' })))
      .when(decideDrift, log([call]))
      .then({ type: 'DriftAttributed', data: { principal: person('grace') } })
  })
})
