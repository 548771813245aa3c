import { expect, test } from 'vitest'
import { aliveVersion } from '../graph/state.ts'
import type { Properties } from '../json.ts'
import { deployed, environment, made } from '../planning/planning.fixture.ts'
import { grace, requested } from '../planning/situations.fixture.ts'
import { decideDeployment } from './decide.ts'
import { readBack, running } from './deployments.fixture.ts'

const main = 'sql-instance/main' as const
const step = `update:${main}`
const before = { 'backup.retentionDays': 7, 'storage.gib': 20, engineVersion: '15.4', 'labels["team"]': 'web' }

/** The step of a request, with its call under way. */
function calling(wanted: Properties) {
  const story = environment()
  const model = { services: [], needs: [{ node: main, properties: {} }] }
  deployed(story, model, made(main, before))
  story.given(requested('r1', main, wanted), grace)
  const deployment = running(story, model)
  story.and(decideDeployment, { type: 'start-step', deployment, step })
  const finish = (properties: Properties, completeMaps: readonly string[] = []) => {
    const observation = { ...readBack(story, main, properties), completeMaps }
    return story.when(decideDeployment, { type: 'finish-step', deployment, step, observation, deferred: {} })
  }
  return { story, finish }
}

test('CHANGE 5, DEPLOY 7: a value that reads back as somebody has set it since is no outcome of the step, and the request waits on', () => {
  for (const there of [7, 3]) {
    const { finish } = calling({ 'backup.retentionDays': 14 })
    finish({ ...before, 'backup.retentionDays': there }).then({ type: 'StepSucceeded' })
  }
})

test('CHANGE 5: what is there of a request is applied, and the rest of it waits', () => {
  const { story, finish } = calling({ 'backup.retentionDays': 14, 'storage.gib': 50 })
  finish({ ...before, 'storage.gib': 50 }).then(
    { type: 'NodeVersionRecorded', data: { set: { 'storage.gib': 50 } } },
    { type: 'StepSucceeded' },
    { type: 'ChangeApplied', data: { request: 'r1', properties: ['storage.gib'] } },
  )
  expect(aliveVersion(story.state.graph, main)?.properties).toEqual({ ...before, 'storage.gib': 50 })
  expect([...(story.state.changeRequests.pending.get(main)?.keys() ?? [])]).toEqual(['backup.retentionDays'])
})

test('CHANGE 7: a member of a map that was taken away again is not there; what is not told at all counts as written', () => {
  const label = { 'labels["team"]': 'core' }
  const { 'labels["team"]': _, ...others } = before
  calling(label).finish(others, ['labels']).then({ type: 'StepSucceeded' })
  calling(label)
    .finish(others)
    .thenAmong({ type: 'ChangeApplied', data: { properties: ['labels["team"]'] } })
})

test('CHANGE 7: more than was asked for is met: a full version, and a disk that has grown further', () => {
  const { finish } = calling({ engineVersion: '16', 'storage.gib': 50 })
  finish({ ...before, engineVersion: '16.2', 'storage.gib': 55 }).thenAmong({
    type: 'ChangeApplied',
    data: { properties: ['engineVersion', 'storage.gib'] },
  })
})
