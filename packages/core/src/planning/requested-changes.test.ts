import { expect, test } from 'vitest'
import type { Properties } from '../json.ts'
import { deployed, environment, made, planOf, recordModel } from './planning.fixture.ts'
import { gone, grace, putOff, requested, standing } from './situations.fixture.ts'

const main = 'sql-instance/main' as const
const days = 'backup.retentionDays'
const instance = (properties: Properties) => ({ services: [], needs: [{ node: main, properties }] })

function shop(properties: Record<string, string | number | boolean>, declared: Properties = {}) {
  const story = environment()
  return { story, model: deployed(story, instance(declared), made(main, properties)) }
}

test('CHANGE 4: a request is planned with its value, what must be there before, and whose it is', () => {
  const { story, model } = shop({ [days]: 7 })
  story.given(requested('r1', main, { [days]: 14 }), grace)
  const plan = planOf(story, { model, requests: ['r1'] })
  expect(plan.requests).toEqual(['r1'])
  expect(plan.steps).toMatchObject([
    {
      id: `update:${main}`,
      changes: { [days]: 14 },
      expected: { [days]: 7 },
      when: 'now',
      origins: [{ type: 'request', request: 'r1', requester: 'grace', properties: [days] }],
    },
  ])
})

test.each(['suppressed', 'ignored', 'enforced'] as const)(
  'CHANGE 4: what must be there before is what was observed, also where that was not adopted (%s)',
  (decision) => {
    const { story, model } = shop({ [days]: 7 })
    story.given(requested('r1', main, { [days]: 14 }), grace)
    story.given(standing(main, { property: days, recorded: 7, observed: 3, decision }))
    expect(planOf(story, { model, requests: ['r1'] }).steps).toMatchObject([
      { changes: { [days]: 14 }, expected: { [days]: 3 }, origins: [{ type: 'request' }] },
    ])
  },
)

test('CHANGE 4: a request for what is recorded is planned where the world is known to differ', () => {
  const { story, model } = shop({ [days]: 7 })
  story.given(standing(main, { property: days, recorded: 7, observed: 3, decision: 'ignored' }))
  story.given(requested('r1', main, { [days]: 7 }), grace)
  expect(planOf(story, { model, requests: ['r1'] }).steps).toMatchObject([
    { changes: { [days]: 7 }, expected: { [days]: 3 } },
  ])
})

test('DRIFT 7: enforced drift becomes the record only by a request’s step, and is not reverted before it', () => {
  const { story, model } = shop({ 'network.publicAccess': false })
  const open = { property: 'network.publicAccess', recorded: false, observed: true }
  story.given(standing(main, { ...open, decision: 'enforced' }))
  story.given(requested('r1', main, { 'network.publicAccess': true }), grace)
  expect(planOf(story, { model, requests: ['r1'] }).steps).toMatchObject([
    {
      changes: { 'network.publicAccess': true },
      expected: { 'network.publicAccess': true },
      origins: [{ request: 'r1' }],
    },
  ])
  expect(planOf(story, { model }).steps).toMatchObject([
    { changes: { 'network.publicAccess': false }, origins: [{ type: 'drift-reversal' }] },
  ])
})

test('DRIFT 7: a value that was removed behind our back is restored, expecting none', () => {
  const { story, model } = shop({ 'labels["team"]': 'core' })
  story.given(standing(main, { property: 'labels["team"]', recorded: 'core', decision: 'enforced' }))
  expect(planOf(story, { model }).steps).toMatchObject([
    { changes: { 'labels["team"]': 'core' }, expected: { 'labels["team"]': null } },
  ])
})

test('DRIFT 7: what the code changes takes the place of the reversal', () => {
  const { story } = shop({ tier: 'small' }, { tier: 'small' })
  story.given(standing(main, { property: 'tier', recorded: 'small', observed: 'huge', decision: 'enforced' }))
  const plan = planOf(story, { model: recordModel(story, instance({ tier: 'large' })) })
  expect(plan.steps).toMatchObject([
    { changes: { tier: 'large' }, expected: { tier: 'huge' }, origins: [{ type: 'code', properties: ['tier'] }] },
  ])
})

test('DRIFT 6: a value that the provider has put off is not sent again, also where it says more than was asked for', () => {
  const { story, model } = shop({ engineVersion: '14.9' })
  story.given(requested('r1', main, { engineVersion: '15' }), grace).given(putOff(main, { engineVersion: '15.4' }))
  expect(planOf(story, { model, requests: ['r1'] }).steps).toEqual([])
})

test('CHANGE 4: a request for what is in force takes back what the provider has put off', () => {
  const { story, model } = shop({ tier: 'small' })
  story.given(putOff(main, { tier: 'large' })).given(requested('r1', main, { tier: 'small' }), grace)
  expect(planOf(story, { model, requests: ['r1'] }).steps).toMatchObject([
    { changes: { tier: 'small' }, expected: { tier: 'small' } },
  ])
})

test('CHANGE 4: a person’s wish stands before what the code changes in the same deployment, and the plan says so', () => {
  const { story } = shop({ [days]: 7, tier: 'small' }, { [days]: 7, tier: 'small' })
  story.given(requested('r1', main, { [days]: 14 }), grace)
  const model = recordModel(story, instance({ [days]: 10, tier: 'large' }))
  const plan = planOf(story, { model, requests: ['r1'] })
  expect(plan.steps).toMatchObject([
    {
      changes: { [days]: 14, tier: 'large' },
      origins: [
        { type: 'code', properties: ['tier'] },
        { type: 'request', properties: [days] },
      ],
    },
  ])
  expect(plan.notices).toMatchObject([{ type: 'overruled', node: main }])
})

test('CHANGE 4: where code and request want the same, both have a part in it', () => {
  const { story } = shop({ [days]: 7 }, { [days]: 7 })
  story.given(requested('r1', main, { [days]: 14 }), grace)
  const plan = planOf(story, { model: recordModel(story, instance({ [days]: 14 })), requests: ['r1'] })
  expect(plan.steps[0]?.origins).toMatchObject([{ type: 'code' }, { type: 'request' }])
  expect(plan.notices).toEqual([])
})

test.each([
  ['maintenance-window', 'next-deployment', 'maintenance-window'],
  ['restart', 'maintenance-window', 'now'],
  ['downtime', 'next-deployment', 'now'],
  ['online', 'next-deployment', 'maintenance-window'],
] as const)('CHANGE 8: a request of impact %s, due with "%s", has its step applied %s', (impact, when, applied) => {
  const { story, model } = shop({ tier: 'small' })
  story.given(requested('r1', main, { tier: 'large' }, { impact, when: { type: when } }), grace)
  expect(planOf(story, { model, requests: ['r1'] }).steps).toMatchObject([{ impact: 'restart', when: applied }])
})

test('CHANGE 8: neither code nor the reversal of drift interrupts by itself: the provider waits for its window', () => {
  const { story } = shop({ tier: 'small', 'parameters["x"]': '1' }, { tier: 'small' })
  const open = { property: 'parameters["x"]', recorded: '1', observed: '2' }
  story.given(standing(main, { ...open, decision: 'enforced' }))
  const [reversal] = planOf(story, { model: recordModel(story, instance({ tier: 'small' })) }).steps
  expect(reversal).toMatchObject({ impact: 'restart', when: 'maintenance-window' })
  const [both] = planOf(story, { model: recordModel(story, instance({ tier: 'large' })) }).steps
  expect(both).toMatchObject({ changes: { tier: 'large', 'parameters["x"]': '1' }, when: 'maintenance-window' })
})

test('CHANGE 5: a request on what is gone at the provider waits, and fails nobody’s deployment', () => {
  const { story, model } = shop({ [days]: 7 })
  story.given(requested('r1', main, { [days]: 14 }), grace)
  gone(story, main)
  const plan = planOf(story, { model, requests: ['r1'] })
  expect(plan.steps).toEqual([])
  expect(plan.notices.map(({ type }) => type)).toContain('request-skipped')
})

test('CHANGE 4: requests that are left out are named', () => {
  const { story, model } = shop({ [days]: 7 })
  story.given(requested('r1', main, { [days]: 14 }), grace)
  expect(planOf(story, { model }).notices).toMatchObject([{ type: 'request-waiting', node: main }])
})
