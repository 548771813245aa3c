import { expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import { user } from '../access/actor.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import { decide } from '../environment/decide.ts'
import { deployed, environment, made } from '../planning/planning.fixture.ts'
import { requested } from '../planning/situations.fixture.ts'
import { current, planned } from './deployments.fixture.ts'
import { inputsMovedBy } from './moved-inputs.ts'

const context = { actor: user('bob'), now: '2026-01-05T10:00:00.000Z' }

/** A plan waits that changes a bucket, adds a service that uses it, and removes a network. */
function waiting(): Given {
  const story = environment({ approvals: 1 })
  const before = { services: [], needs: ['bucket/logs' as const, 'network/old' as const, 'topic/sales' as const] }
  deployed(story, before, made('bucket/logs', {}), made('network/old', {}), made('topic/sales', {}))
  story.given(requested('r1', 'bucket/logs', { versioning: true }), { by: user('grace') })
  const uses = [{ need: 'bucket/logs' as const, operations: ['write'] }]
  planned(story, {
    services: [{ name: 'web', image: 'web@sha256:1', uses }],
    needs: ['bucket/logs', 'topic/sales'],
  })
  return story
}

function moved(story: Given, ...events: DomainEvent[]) {
  const { plan } = current(story)
  if (plan?.inputs === undefined) throw new Error('no plan waits')
  return inputsMovedBy(story.state, { ...plan, inputs: plan.inputs }, events, context).map(({ moved: it }) => it)
}

const cause = { type: 'import', import: 'i1' } as const
const version = (node: DomainEvent<'NodeRetired'>['data']['node']): DomainEvent => ({
  type: 'NodeVersionRecorded',
  data: { node, version: 2, incarnation: 1, set: { a: 1 }, unset: [], cause },
})

test('DEPLOY 5: an import that changes a node with a step moves it, and is its importer’s doing; another node’s is not', () => {
  const story = waiting()
  expect(moved(story, version('bucket/logs'), version('topic/sales'))).toEqual([
    { input: 'node bucket/logs', from: 'version 1', to: 'version 2', by: 'user bob', cause: 'import' },
  ])
})

test('DEPLOY 5: an edge that comes or goes moves the node with a step that it leads from, and a removal that it leads to', () => {
  const story = waiting()
  const edge = (from: DomainEvent<'NodeRetired'>['data']['node'], to: typeof from): DomainEvent => ({
    type: 'EdgeVersionRecorded',
    data: { edge: `depends-on:${from}->${to}`, kind: 'depends-on', from, to, version: 1, attributes: {}, cause },
  })
  expect(moved(story, edge('bucket/logs', 'topic/sales'))).toMatchObject([{ input: 'node bucket/logs' }])
  expect(moved(story, edge('topic/sales', 'network/old'))).toMatchObject([
    { input: 'node network/old', to: 'edge depends-on:topic/sales->network/old added' },
  ])
  expect(moved(story, edge('topic/sales', 'bucket/logs'))).toEqual([])
})

test('DEPLOY 5: a binding, a hand-over and a confirmed deletion move what they are about', () => {
  const story = waiting()
  expect(
    moved(
      story,
      {
        type: 'NeedBound',
        data: { need: 'bucket/logs', resource: 'bucket/other', previous: null, reason: 'x' },
      },
      {
        type: 'DeletionConfirmed',
        data: {
          node: 'topic/sales',
          incarnation: 1,
          lossAcknowledged: true,
          automatedBackupsToo: false,
          reason: 'unused',
        },
      },
    ),
  ).toMatchObject([
    { input: 'node bucket/logs', cause: 'bound', by: 'user bob' },
    { input: 'confirmation topic/sales', from: 'not confirmed', cause: 'deletion confirmed' },
  ])
})

test('DEPLOY 5: a plan of thousands of steps is recorded in parts with its inputs, and read back whole', () => {
  const story = environment({ approvals: 1 })
  const needs = Array.from({ length: 2_000 }, (_, index) => ({
    node: `topic/t${index}` as const,
    properties: { 'labels["text"]': 'x'.repeat(200) },
  }))
  const deployment = planned(story, { services: [], needs })
  expect(current(story).plan?.steps.size).toBe(2_000)
  expect(current(story).plan?.inputs?.size).toBe(2_002)
  story.when(decide, { type: 'plan-deployment', deployment }).thenNothing()
})
