import { expect, test } from 'vitest'
import { environment } from '../planning/planning.fixture.ts'
import { decideDeployment } from '../deployments/decide.ts'
import { readBack, running } from '../deployments/deployments.fixture.ts'
import { decide, importing, thing } from './import.fixture.ts'
import { viewAt } from './graph.fixture.ts'

const receipts = 'bucket/receipts' as const
const step = `create:${receipts}`

test('GRAPH 6: a thing that a deployment is making is not imported as another node; once it is made, it is the deployment’s', () => {
  const story = environment()
  const deployment = running(story, { services: [], needs: [receipts] })
  const observation = readBack(story, receipts, {})
  const ref = { ...observation.ref, name: `${observation.ref.name}-1` }
  const state = importing([thing('a'), thing('found', {}, { ref })])
  story.and(decideDeployment, { type: 'start-step', deployment, step })
  story.when(decide, state).thenRejected('deployment-in-progress', { deployment, status: 'running' })

  story.and(decideDeployment, {
    type: 'finish-step',
    deployment,
    step,
    observation: { ...observation, ref },
    deferred: {},
  })
  story.and(decide, state)
  expect(
    viewAt(story.state)
      .nodes()
      .map(({ id, ownership }) => `${id} ${ownership}`)
      .toSorted(),
  ).toEqual(['bucket/a observed', `${receipts} managed`])
})
