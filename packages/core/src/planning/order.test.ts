import { expect, test } from 'vitest'
import type { ApplicationModelInput } from '../application/model-input.ts'
import type { NodeId } from '../graph/ids.ts'
import { edgeId } from '../graph/ids.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import { deployed, environment, made, planOf, recordModel } from './planning.fixture.ts'

const ids = ({ steps }: { steps: readonly { id: string }[] }) => steps.map(({ id }) => id)
const needs = (...all: ApplicationModelInput['needs']): ApplicationModelInput => ({ services: [], needs: all })
const on = (node: NodeId, ...dependsOn: NodeId[]) => ({ node, dependsOn })

const edge = (from: NodeId, to: NodeId): DomainEvent => ({
  type: 'EdgeVersionRecorded',
  data: {
    edge: edgeId('depends-on', from, to),
    kind: 'depends-on',
    from,
    to,
    version: 1,
    attributes: {},
    cause: { type: 'deployment', deployment: 'd1', requests: [] },
  },
})

test('DEPLOY 3: a need that depends on a service is made in the deploy phase, after it, and what needs both after both', () => {
  const story = environment()
  const plan = planOf(story, {
    model: recordModel(story, {
      services: [{ name: 'auth' }, { name: 'web', uses: [{ need: 'topic/logins', operations: ['read'] }] }],
      needs: [on('topic/logins', 'service/auth'), 'bucket/b'],
    }),
  })
  expect(plan.steps.map(({ id, phase }) => `${phase} ${id}`)).toEqual([
    'provision create:bucket/b',
    'deploy create:service/auth',
    'deploy create:topic/logins',
    'deploy create:service/web',
  ])
  expect(plan.steps.find(({ id }) => id === 'create:topic/logins')?.infrastructure).toBe(true)
})

test('DEPLOY 3: where a dependency turns round, the old edge goes before the new one comes, and no step waits for itself', () => {
  const story = environment()
  const [a, b] = ['network/a', 'network/b'] as const
  deployed(story, needs(on(a, b), b), made(a, {}), made(b, {}), edge(a, b))
  const plan = planOf(story, { model: recordModel(story, needs(a, on(b, a))) })
  expect(ids(plan)).toEqual(['record:network/a', 'record:network/b'])
  expect(plan.steps.map(({ after }) => after)).toEqual([[], ['record:network/a']])
})

test('DEPLOY 3: also where it turns round over a third', () => {
  const story = environment()
  const [a, b, c] = ['network/a', 'network/b', 'network/c'] as const
  deployed(story, needs(on(a, b), on(b, c), c), made(a, {}), made(b, {}), made(c, {}), edge(a, b), edge(b, c))
  const plan = planOf(story, { model: recordModel(story, needs(on(a, b), b, on(c, a))) })
  expect(ids(plan)).toEqual(['record:network/b', 'record:network/c'])
})

test('PROTECT 7: what depends on a thing goes before it', () => {
  const story = environment()
  const [a, b, c] = ['network/a', 'network/b', 'network/c'] as const
  deployed(story, needs(on(a, b), on(b, c), c), made(a, {}), made(b, {}), made(c, {}), edge(a, b), edge(b, c))
  const plan = planOf(story, { model: recordModel(story, needs()) })
  expect(ids(plan)).toEqual(['remove:network/a', 'remove:network/b', 'remove:network/c'])
  expect(plan.steps.map(({ after }) => after)).toEqual([[], ['remove:network/a'], ['remove:network/b']])
})
