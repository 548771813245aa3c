import { test } from 'vitest'
import { decideDeployment } from '../deployments/decide.ts'
import { readBack, running } from '../deployments/deployments.fixture.ts'
import { deployed, environment, made } from '../planning/planning.fixture.ts'
import { newestVersion } from '../graph/state.ts'
import { decideDrift } from './decide.ts'

test('DRIFT 9: what the deployment under way has just made is not missing where a listing is late, and is some time later', () => {
  const story = environment()
  const model = { services: [], needs: ['network/inner' as const, 'bucket/logs' as const] }
  deployed(story, { services: [], needs: ['bucket/logs'] }, made('bucket/logs', {}))
  const deployment = running(story, model)
  const step = 'create:network/inner'
  const observation = readBack(story, 'network/inner', {})
  story.and(decideDeployment, { type: 'start-step', deployment, step }, { at: '2026-01-05T12:00:00.000Z' })
  const finish = { type: 'finish-step', deployment, step, observation, deferred: {} } as const
  story.and(decideDeployment, finish, { at: '2026-01-05T12:00:00.000Z' })
  const scan = {
    type: 'record-observations',
    observation: 'o9',
    startedRevision: 1_000,
    observedAt: '2026-01-05T12:00:01.000Z',
    resources: [],
    missing: [observation.ref],
    failed: [],
  } as const
  story.when(decideDrift, scan, { at: '2026-01-05T12:00:01.000Z' }).thenNothing()
  const ref = newestVersion(story.state.graph, 'bucket/logs')?.ref ?? observation.ref
  story
    .when(decideDrift, { ...scan, missing: [observation.ref, ref] }, { at: '2026-01-05T12:06:00.000Z' })
    .thenAmong({ type: 'ResourceMissing', data: { node: 'network/inner' } })
})
