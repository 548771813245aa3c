import { describe, expect, test } from 'vitest'
import { environment } from '../planning/planning.fixture.ts'
import { decideDeployment } from './decide.ts'
import { planned, running } from './deployments.fixture.ts'

const model = { services: [], needs: ['network/a' as const, 'network/b' as const] }
const claim = (deployment: string, executor: string, more: object = {}) =>
  ({ type: 'claim-execution', deployment, executor, leaseMs: 60_000, ...more }) as const

describe('a claim', () => {
  test('DEPLOY 9: is one executor’s; another one is refused, and told whose it is', () => {
    const story = environment()
    const deployment = planned(story, model)
    story.and(decideDeployment, claim(deployment, 'e1'))
    story
      .when(decideDeployment, claim(deployment, 'e2'))
      .thenRejected('deployment-claimed', { executor: 'e1', leaseMs: 60_000 })
    story.when(decideDeployment, claim(deployment, 'e1')).then({
      type: 'ExecutionClaimed',
      data: { executor: 'e1', renewal: true },
    })
  })

  test('DEPLOY 9: is taken over by naming the last sign of life; a sign in between refuses it', () => {
    const story = environment()
    const deployment = planned(story, model)
    story.and(decideDeployment, claim(deployment, 'e1'))
    const sign = story.state.execution.claim?.sign ?? -1
    story.and(decideDeployment, { type: 'start-phase', deployment, phase: 'provision', executor: 'e1' })
    story.when(decideDeployment, claim(deployment, 'e2', { after: sign })).thenRejected('deployment-claimed')
    const last = story.state.execution.claim?.sign ?? -1
    expect(last).toBe(sign + 1)
    story
      .when(decideDeployment, claim(deployment, 'e2', { after: last }))
      .then({ type: 'ExecutionClaimed', data: { executor: 'e2', after: last } })
  })

  test('DEPLOY 9: what others record is no sign of the holder’s life', () => {
    const story = environment()
    const deployment = planned(story, model)
    story.and(decideDeployment, claim(deployment, 'e1'))
    const sign = story.state.execution.claim?.sign ?? -1
    story.given({ type: 'RoleGranted', data: { subject: 'linus', role: 'admin' } })
    story
      .when(decideDeployment, claim(deployment, 'e2', { after: sign }))
      .then({ type: 'ExecutionClaimed', data: { executor: 'e2' } })
  })

  test('DEPLOY 9: that was left, or whose deployment has ended, is free', () => {
    const story = environment()
    const deployment = planned(story, model)
    story.and(decideDeployment, claim(deployment, 'e1'))
    const leave = { type: 'release-execution', deployment, executor: 'e1', reason: 'stopped' } as const
    story.when(decideDeployment, { ...leave, executor: 'e2' }).thenNothing()
    story.and(decideDeployment, leave)
    story.when(decideDeployment, leave).thenNothing()
    story.when(decideDeployment, claim(deployment, 'e2')).then({ type: 'ExecutionClaimed', data: { executor: 'e2' } })
    story.and(decideDeployment, { type: 'cancel-deployment', deployment, reason: 'x' })
    story.when(decideDeployment, claim(deployment, 'e2')).thenRejected('deployment-ended')
  })
})

describe('an executor', () => {
  test('DEPLOY 9: that does not hold the deployment says nothing about it', () => {
    const story = environment()
    const deployment = running(story, model)
    story.and(decideDeployment, claim(deployment, 'e1'))
    const start = { type: 'start-step', deployment, step: 'create:network/a' } as const
    story
      .when(decideDeployment, { ...start, executor: 'e2' })
      .thenRejected('executor-lost-claim', { executor: 'e2', holder: 'e1' })
    story.when(decideDeployment, start).thenRejected('executor-lost-claim')
    story.when(decideDeployment, { ...start, executor: 'e1' }).then({ type: 'StepStarted' })
    for (const type of ['plan-deployment', 'finish-deployment'] as const)
      story.when(decideDeployment, { type, deployment, executor: 'e2' }).thenRejected('executor-lost-claim')
  })

  test('DEPLOY 9: whose claim was taken over meanwhile records nothing more, not even that it is alive', () => {
    const story = environment()
    const deployment = running(story, model)
    story.and(decideDeployment, claim(deployment, 'e1'))
    story.and(decideDeployment, { type: 'start-step', deployment, step: 'create:network/a', executor: 'e1' })
    story.and(decideDeployment, claim(deployment, 'e2', { after: story.state.execution.claim?.sign }))
    const late = { deployment, step: 'create:network/a', executor: 'e1' } as const
    story
      .when(decideDeployment, { type: 'finish-step', ...late, observation: null, deferred: {} })
      .thenRejected('executor-lost-claim')
    story
      .when(decideDeployment, claim(deployment, 'e1', { renewal: true }))
      .thenRejected('executor-lost-claim', { holder: 'e2' })
  })

  test('DEPLOY 9: is told that a deployment has ended, whoever holds it', () => {
    const story = environment()
    const deployment = running(story, model)
    story.and(decideDeployment, claim(deployment, 'e1'))
    story.given({ type: 'DeploymentFailed', data: { deployment, reason: 'x' } })
    story
      .when(decideDeployment, { type: 'complete-phase', deployment, phase: 'provision', executor: 'e1' })
      .thenRejected('deployment-ended')
  })
})
