import { expect, test } from 'vitest'
import { observationOf } from '../compute/platform-answer.ts'
import { aliveVersion } from '../graph/state.ts'
import { LedgerError } from '../ledger-error.ts'
import { deployed, environment, made, TARGET } from '../planning/planning.fixture.ts'
import { decideDeployment } from './decide.ts'
import { running } from './deployments.fixture.ts'
import { stepFailure } from './execution/executor-errors.ts'

const node = 'service/shop' as const
const step = `update:${node}`
const shop = (image: string) => ({ services: [{ name: 'shop', image, replicas: 2 }], needs: [] })
const digest = (of: string) => `sha256:${of.repeat(64)}`

const left = observationOf({
  ref: { ...TARGET, type: 'service', name: 'service-shop', id: `id-${node}` },
  kind: 'service',
  state: 'stopped-halfway',
  reason: 'not ready in time',
  running: [
    { image: 'shop:2', digest: digest('2'), replicas: 1, ready: 0 },
    { image: 'shop:1', digest: digest('1'), replicas: 1, ready: 1 },
  ],
  desired: 2,
  settings: { replicas: 2 },
  completeMaps: [],
})

function begun() {
  const story = environment()
  deployed(story, shop('shop:1'), made(node, { image: 'shop:1', 'image.digest': digest('1'), replicas: 2 }))
  const deployment = running(story, shop('shop:2'))
  story.and(decideDeployment, { type: 'start-step', deployment, step })
  return { story, deployment }
}

const details = { provider: 'runner', operation: 'update', reason: 'not ready in time', observation: left }
const error = new LedgerError('roll-out-incomplete', 'it stopped halfway', details)

test('COMPUTE 3: the error of a rollout that stopped halfway is a refusal that says what was left behind', () => {
  expect(stepFailure(error, true)).toMatchObject({ outcome: 'refused', code: 'roll-out-incomplete', observation: left })
})

test('COMPUTE 3: what was left behind is one version with the failure, and only what the step was about', () => {
  const { story, deployment } = begun()
  const failure = { outcome: 'refused', code: error.code, message: error.message, observation: left } as const
  story.when(decideDeployment, { type: 'fail-step', deployment, step, ...failure }).then(
    {
      type: 'NodeVersionRecorded',
      data: {
        node,
        cause: { type: 'deployment', deployment, step },
        set: { 'image.running': [`shop:1@${digest('1')}`, `shop:2@${digest('2')}`] },
        unset: ['image', 'image.digest'],
      },
    },
    { type: 'StepFailed', data: { step, outcome: 'refused', code: 'roll-out-incomplete' } },
  )
})

test('COMPUTE 3: what somebody retired meanwhile stays retired', () => {
  const { story, deployment } = begun()
  const place = { version: 2, incarnation: 1, cause: { type: 'repair', reason: 'gone' } } as const
  story.given({ type: 'NodeRetired', data: { node, ...place, reason: 'vanished' } })
  const failure = { outcome: 'refused', code: error.code, message: error.message, observation: left } as const
  story.and(decideDeployment, { type: 'fail-step', deployment, step, ...failure })
  expect(aliveVersion(story.state.graph, node)).toBeUndefined()
})
