import { describe, expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import type { Properties } from '../json.ts'
import { computePlan } from './compute.ts'
import { context, deployed, environment, made, planOf, recordModel } from './planning.fixture.ts'
import { adopted, gone, observed, putOff, standing } from './situations.fixture.ts'

const main = 'sql-instance/main' as const
const instance = (properties: Properties) => ({ services: [], needs: [{ node: main, properties }] })
const service = (properties: Properties) => ({ services: [{ name: 'api', properties }], needs: [] })

const told = (story: Given, input: Parameters<typeof recordModel>[1]) =>
  planOf(story, { model: recordModel(story, input) })

describe('a value that the code changed', () => {
  test.each(['suppressed', 'enforced', 'ignored'] as const)(
    'DRIFT 18: is written over what is really there, also where that was not adopted (%s)',
    (decision) => {
      const story = environment()
      deployed(story, instance({ 'backup.retentionDays': 7 }), made(main, { 'backup.retentionDays': 7 }))
      story.given(standing(main, { property: 'backup.retentionDays', recorded: 7, observed: 3, decision }))
      expect(told(story, instance({ 'backup.retentionDays': 10 })).steps).toMatchObject([
        { changes: { 'backup.retentionDays': 10 }, expected: { 'backup.retentionDays': 3 } },
      ])
    },
  )

  test('DRIFT 18: and is not written again while the provider has put it off, also where it says more than was asked for', () => {
    const story = environment()
    deployed(story, instance({ engineVersion: '15.2' }), made(main, { engineVersion: '15.2' }))
    story.given(putOff(main, { engineVersion: '15.4' }))
    const plan = told(story, instance({ engineVersion: '15' }))
    expect(plan.steps).toEqual([])
    expect(plan.notices).toMatchObject([{ type: 'in-flight', node: main }])
  })

  test('DRIFT 18: a value that is there is written where another one is on its way: that takes the other one back', () => {
    const story = environment()
    deployed(story, instance({ tier: 'large' }), made(main, { tier: 'small' }))
    story.given(putOff(main, { tier: 'large' }))
    expect(told(story, instance({ tier: 'small' })).steps).toMatchObject([
      { changes: { tier: 'small' }, expected: { tier: 'small' } },
    ])
  })

  test('DRIFT 15: what is declared smaller than it is stays, and the plan says so', () => {
    const story = environment()
    deployed(story, instance({ 'storage.gib': 100 }), made(main, { 'storage.gib': 200 }))
    const plan = told(story, instance({ 'storage.gib': 150 }))
    expect(plan.steps).toEqual([])
    expect(plan.notices).toMatchObject([{ type: 'not-shrunk', node: main }])
  })

  test('DRIFT 15: nor is enforced drift of what only grows reversed', () => {
    const story = environment()
    const model = deployed(story, instance({}), made(main, { 'storage.gib': 100 }))
    story.given(standing(main, { property: 'storage.gib', recorded: 100, observed: 200, decision: 'enforced' }))
    const plan = planOf(story, { model })
    expect(plan.steps).toEqual([])
    expect(plan.notices).toMatchObject([{ type: 'not-written', node: main }])
  })

  test('PROTECT 8: what the provider cannot change in place is refused, also where the kind would allow it', () => {
    const story = environment()
    deployed(story, instance({ tier: 'small' }), made(main, { tier: 'small' }))
    const model = recordModel(story, instance({ tier: 'large' }))
    const fixed = { ...context(), capabilities: () => ({ ...capability, impact: { tier: 'replace' as const } }) }
    expect(computePlan(story.state, { model, requests: [], createNeeds: [] }, fixed)).toMatchObject({
      code: 'replacement-required',
      details: { node: main, property: 'tier' },
    })
  })

  test('PROTECT 4: deletion protection is never switched off by a plan, and the plan says so', () => {
    const story = environment()
    deployed(story, instance({}), made(main, { deletionProtection: true }))
    const plan = told(story, instance({ deletionProtection: false, tier: 'large' }))
    expect(plan.steps).toMatchObject([{ changes: { tier: 'large' } }])
    expect(plan.steps[0]?.changes).not.toHaveProperty('deletionProtection')
    expect(plan.notices).toMatchObject([{ type: 'not-written', node: main }])
  })

  test.each([
    ['a major upgrade', '15.4', '16'],
    ['a version before the one that is there', '15.4', '15.2'],
  ])('PROTECT 8: the code never sets off %s', (_, there, wanted) => {
    const story = environment()
    deployed(story, instance({ engineVersion: '15' }), made(main, { engineVersion: there }))
    const plan = told(story, instance({ engineVersion: wanted }))
    expect(plan.steps).toEqual([])
    expect(plan.notices).toMatchObject([{ type: 'not-written', node: main }])
    expect(told(story, instance({ engineVersion: '15.10' })).steps).toHaveLength(1)
  })

  test('DRIFT 9: a stateful resource that is gone is not written, and its enforced drift not reversed', () => {
    const story = environment()
    const model = deployed(story, instance({}), made(main, { 'network.publicAccess': false }))
    story.given(
      standing(main, { property: 'network.publicAccess', recorded: false, observed: true, decision: 'enforced' }),
    )
    gone(story, main)
    expect(planOf(story, { model }).steps).toEqual([])
  })
})

describe('a value that the code no longer declares', () => {
  test('DRIFT 18: goes where it is the code’s own, or a member of a map', () => {
    const story = environment()
    const [flag, team] = ['environment["FLAG"]', 'labels["team"]']
    deployed(
      story,
      service({ image: 'api:1', [flag]: 'on', [team]: 'core' }),
      made('service/api', { image: 'api:1', [flag]: 'on', [team]: 'core' }),
    )
    expect(told(story, service({ image: 'api:1' })).steps).toMatchObject([
      { id: 'update:service/api', changes: { [flag]: null, [team]: null }, expected: { [flag]: 'on', [team]: 'core' } },
    ])
  })

  test('DRIFT 18: stays where a person may set it as well', () => {
    const story = environment()
    deployed(story, instance({ 'backup.retentionDays': 14 }), made(main, { 'backup.retentionDays': 14 }))
    expect(told(story, instance({})).steps).toEqual([])
  })
})

describe('after a deployment that failed halfway', () => {
  const half = (story: Given, image: string) => {
    const model = recordModel(story, service({ image }))
    const trigger = { type: 'git-push', commit: 'c2', ref: 'main', pusher: 'ada' } as const
    story.given({
      type: 'DeploymentTriggered',
      data: { deployment: 'd2', trigger, commit: 'c2', model: model.digest, requests: 'due', createNeeds: [] },
    })
    const [step] = planOf(story, { model }).steps
    if (step === undefined) throw new Error('nothing to do')
    const plan = { deployment: 'd2', digest: 'x' }
    const counts = { graphVersion: 1, model: model.digest, steps: 1, infrastructureSteps: 0, parts: 1, requests: [] }
    story.given([
      { type: 'PlanStepsRecorded', data: { ...plan, part: 1, steps: [step] } },
      { type: 'PlanComputed', data: { ...plan, ...counts } },
      {
        type: 'NodeVersionRecorded',
        data: {
          node: 'service/api',
          version: 2,
          incarnation: 1,
          set: { image },
          unset: [],
          cause: { type: 'deployment', deployment: 'd2', requests: [] },
        },
      },
      { type: 'StepSucceeded', data: { deployment: 'd2', step: step.id, node: 'service/api' } },
      { type: 'DeploymentFailed', data: { deployment: 'd2', reason: 'another step failed' } },
    ])
  }

  test('DEPLOY 8, DEPLOY 11: deploying the model that ran before brings back what the failed one had changed', () => {
    const story = environment()
    deployed(story, service({ image: 'api:1' }), made('service/api', { image: 'api:1' }))
    half(story, 'api:2')
    expect(told(story, service({ image: 'api:1' })).steps).toMatchObject([
      { changes: { image: 'api:1' }, expected: { image: 'api:2' } },
    ])
    expect(told(story, service({ image: 'api:2' })).steps).toEqual([])
  })

  test('DRIFT 18: what somebody changed after it stays', () => {
    const story = environment()
    deployed(story, service({ image: 'api:1' }), made('service/api', { image: 'api:1' }))
    half(story, 'api:2')
    adopted(story, 'service/api', { image: 'api:hotfix' })
    expect(told(story, service({ image: 'api:1' })).steps).toEqual([])
  })
})

describe('what another tool made', () => {
  test('OWN 1: is not written, and the plan says what the code wants of it', () => {
    const story = environment()
    deployed(story, service({ image: 'api:1' }), observed(made('service/api', { image: 'api:1' })))
    const plan = told(story, service({ image: 'api:2' }))
    expect(plan.steps).toEqual([])
    expect(plan.notices).toMatchObject([{ type: 'observed', node: 'service/api' }])
  })

  test('OWN 1: what the code wanted of it meanwhile is written once it was handed over', () => {
    const story = environment()
    const model = deployed(story, service({ image: 'api:2' }), observed(made('service/api', { image: 'api:1' })))
    expect(planOf(story, { model }).steps).toEqual([])
    story.given({ type: 'NodeManaged', data: { node: 'service/api', reason: 'ours from now on' } })
    expect(planOf(story, { model }).steps).toMatchObject([{ changes: { image: 'api:2' } }])
  })
})

const capability = {
  refType: 'sql-instance',
  impact: {},
  renamable: false,
  restoreInPlace: false,
  lastCopy: 'final-snapshot',
} as const
