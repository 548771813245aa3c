import { expect, test } from 'vitest'
import type { ApplicationModelInput } from '../application/model-input.ts'
import { computePlan } from './compute.ts'
import type { PlanInput } from './draft.ts'
import { context, deployed, environment, made, planOf, recordModel } from './planning.fixture.ts'
import { observed } from './situations.fixture.ts'

const needs = (...all: ApplicationModelInput['needs']): ApplicationModelInput => ({ services: [], needs: all })
const ids = ({ steps }: { steps: readonly { id: string }[] }) => steps.map(({ id }) => id)

function told(input: ApplicationModelInput, found: ReturnType<typeof made>[], createNeeds: PlanInput['createNeeds']) {
  const story = environment()
  for (const event of found) story.given(event)
  return computePlan(story.state, { model: recordModel(story, input), requests: [], createNeeds }, context())
}

test('OWN 4: a need whose id is taken by what another tool made is bound, not created, whatever is told', () => {
  const found = [observed(made('bucket/receipts', {}))] as ReturnType<typeof made>[]
  for (const create of ['all', ['bucket/receipts']] as const) {
    expect(told(needs('bucket/receipts'), found, create)).toMatchObject({
      code: 'binding-required',
      details: { needs: [{ need: 'bucket/receipts', candidates: ['bucket/receipts'] }] },
    })
  }
})

test('OWN 1: nothing is made on what another tool made', () => {
  const found = [observed(made('sql-instance/main', {}))] as ReturnType<typeof made>[]
  expect(told(needs('sql-database/orders'), found, 'all')).toMatchObject({
    code: 'node-observed',
    details: { node: 'sql-instance/main' },
  })
  const elsewhere = needs({ node: 'sql-database/orders', dependsOn: ['sql-instance/new'] })
  expect(ids(told(elsewhere, found, 'all') as { steps: readonly { id: string }[] })).toEqual([
    'create:sql-instance/new',
    'record:sql-database/orders',
  ])
})

test('OWN 4: a message about many needs stays readable', () => {
  const many = Array.from({ length: 500 }, (_, index) => `bucket/b${index}` as const)
  const answer = told(needs(...many), [observed(made('bucket/old', {}))] as ReturnType<typeof made>[], [])
  expect(answer).toMatchObject({ code: 'binding-required' })
  expect('message' in answer ? answer.message.length : 0).toBeLessThan(4_000)
})

test('OWN 4: where what a need was bound to is no more, the plan lists what is there now', () => {
  const story = environment()
  story.given([
    observed(made('bucket/old', {})),
    observed(made('bucket/other', {})),
    {
      type: 'NodeVersionRecorded',
      data: {
        node: 'bucket/receipts',
        version: 1,
        incarnation: 1,
        set: {},
        unset: [],
        cause: { type: 'repair', reason: 'bound' },
        ownership: 'managed',
      },
    },
    { type: 'NeedBound', data: { need: 'bucket/receipts', resource: 'bucket/old', previous: null, reason: 'x' } },
  ])
  const cause = { type: 'repair', reason: 'gone' } as const
  story.given({
    type: 'NodeRetired',
    data: { node: 'bucket/old', version: 2, incarnation: 1, cause, reason: 'vanished' },
  })
  const input = { model: recordModel(story, needs('bucket/receipts')), requests: [], createNeeds: [] }
  expect(computePlan(story.state, input, context())).toMatchObject({
    code: 'binding-required',
    details: { needs: [{ need: 'bucket/receipts', candidates: ['bucket/other'] }] },
  })
})

test('DEPLOY 3: a host that is declared itself is made once, with what was declared, before what lives on it', () => {
  const story = environment()
  const input = needs('sql-database/orders', { node: 'sql-instance/main', properties: { tier: 'large' } })
  const plan = planOf(story, { model: recordModel(story, input) })
  expect(ids(plan)).toEqual(['create:sql-instance/main', 'record:sql-database/orders'])
  expect(plan.steps[0]?.changes).toMatchObject({ tier: 'large', deletionProtection: true })
})

test('PROTECT 8: what lives on a host is not moved to another one', () => {
  const story = environment()
  const cause = { type: 'deployment', deployment: 'd1', requests: [] } as const
  deployed(story, needs('sql-database/orders'), made('sql-instance/main', {}), made('sql-database/orders', {}), {
    type: 'EdgeVersionRecorded',
    data: {
      edge: 'satisfied-by:sql-database/orders->sql-instance/main',
      kind: 'satisfied-by',
      from: 'sql-database/orders',
      to: 'sql-instance/main',
      version: 1,
      attributes: {},
      cause: { ...cause, requests: [] },
    },
  })
  const moved = recordModel(story, needs({ node: 'sql-database/orders', dependsOn: ['sql-instance/other'] }))
  expect(computePlan(story.state, { model: moved, requests: [], createNeeds: [] }, context())).toMatchObject({
    code: 'replacement-required',
    details: { node: 'sql-database/orders', property: 'dependsOn' },
  })
  // A person who bound it elsewhere has said where it is.
  story.given({
    type: 'NeedBound',
    data: { need: 'sql-database/orders', resource: 'sql-instance/main', previous: null, reason: 'it is here' },
  })
  expect(planOf(story, { model: moved }).steps).toEqual([])
})
