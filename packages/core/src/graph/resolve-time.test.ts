import { scenario } from '@infraledger/testkit'
import { expect, test } from 'vitest'
import type { DomainEvent } from '../environment/catalogue.ts'
import { gitPush } from '../deployments/trigger.ts'
import { ledger, minute, REPAIR } from './graph.fixture.ts'
import { graphDraft } from './build.ts'
import { resolveTime } from './resolve-time.ts'

const told = () =>
  ledger()
    .change((draft) => draft.nodeVersion('bucket/a', {}), { at: minute(10) })
    .change((draft) => draft.nodeVersion('bucket/b', {}), { at: minute(20) })

test('without a point it is the latest version, a number is itself', () => {
  expect(resolveTime(told().state)).toEqual({ type: 'answered', value: 2 })
  expect(resolveTime(told().state, 1)).toEqual({ type: 'answered', value: 1 })
  expect(resolveTime(told().state, 0)).toEqual({ type: 'answered', value: 0 })
})

test('a time means what was recorded by then; before the first version the empty graph', () => {
  const at = (minutes: number) => resolveTime(told().state, new Date(minute(minutes)))
  expect([at(9), at(10), at(19), at(20), at(99)].map((answer) => answer.type === 'answered' && answer.value)).toEqual([
    0, 1, 1, 2, 2,
  ])
})

test('a version beyond the latest, or no version at all, is refused with the latest', () => {
  expect(resolveTime(told().state, 3)).toMatchObject({
    rejection: { code: 'graph-version-not-found', details: { at: '3', latest: 2 } },
  })
  expect(resolveTime(told().state, -1)).toMatchObject({ type: 'rejected' })
  expect(resolveTime(told().state, 1.5)).toMatchObject({ type: 'rejected' })
  expect(resolveTime(told().state, new Date(Number.NaN))).toMatchObject({ type: 'rejected' })
})

test('an import is known from when it was completed, whenever its parts were recorded', () => {
  const story = told()
  const cause = { type: 'import', import: 'i1' } as const
  story.append(
    [
      {
        type: 'ImportStarted',
        data: { import: 'i1', source: { type: 't', name: 'n', digest: 'd' }, nodes: 1, edges: 0 },
      },
    ],
    { at: minute(30) },
  )
  story.change((draft) => draft.nodeVersion('bucket/c', {}), { at: minute(31), cause })
  expect(resolveTime(story.state, new Date(minute(35)))).toEqual({ type: 'answered', value: 2 })
  story.append([{ type: 'ImportCompleted', data: { import: 'i1', recorded: 1, unchanged: 0, retired: 0 } }], {
    at: minute(40),
  })
  expect(resolveTime(story.state, new Date(minute(35)))).toEqual({ type: 'answered', value: 2 })
  expect(resolveTime(story.state, new Date(minute(40)))).toEqual({ type: 'answered', value: 3 })
})

test('a deployment means the graph as it left it, also when it failed, and as it is while it runs', () => {
  const deployment = 'd-1'
  const trigger = gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' })
  const story = scenario().given({
    type: 'DeploymentTriggered',
    data: { deployment, trigger, commit: 'c1', model: 'm', requests: 'due', createNeeds: [] },
  })
  const change = (node: 'bucket/a' | 'bucket/b' | 'bucket/c'): readonly DomainEvent[] => {
    const draft = graphDraft(
      story.state,
      node === 'bucket/c' ? REPAIR : { type: 'deployment', deployment, requests: [] },
    )
    draft.nodeVersion(node, {})
    return draft.events
  }
  story.given(change('bucket/a')).given(change('bucket/b'))
  expect(resolveTime(story.state, { deployment })).toEqual({ type: 'answered', value: 2 })
  story.given({ type: 'DeploymentFailed', data: { deployment, reason: 'out of luck' } }).given(change('bucket/c'))
  expect(story.state.graph.version).toBe(3)
  expect(resolveTime(story.state, { deployment })).toEqual({ type: 'answered', value: 2 })
  expect(resolveTime(story.state, { deployment: 'd-2' })).toMatchObject({
    rejection: { code: 'deployment-not-found', details: { closest: ['d-1'] } },
  })
})
