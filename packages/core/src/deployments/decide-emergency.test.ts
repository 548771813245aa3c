import { expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import { apiClient, user } from '../access/actor.ts'
import type { NodeId } from '../graph/ids.ts'
import { environment, recordModel } from '../planning/planning.fixture.ts'
import { decideDeployment } from './decide.ts'
import { ada } from './deployments.fixture.ts'

const grace = { by: user('grace') }
const trigger = { type: 'git-push', commit: 'c1', ref: 'main', pusher: 'ada' } as const

function urgent(story: Given, reason = 'the shop is down') {
  const { digest: model } = recordModel(story, { services: [], needs: ['topic/sales'] })
  const createNeeds: NodeId[] = []
  const what = { trigger, model, requests: 'due', createNeeds, emergency: { reason } } as const
  return { type: 'trigger-emergency', deployment: 'd1', ...what } as const
}

/** An emergency that was planned, and then cancelled: it has ended. */
function ended(): Given {
  const story = environment({ approvals: 1 })
  story.and(decideDeployment, urgent(story), ada)
  return story.and(decideDeployment, { type: 'cancel-deployment', deployment: 'd1', reason: 'over' }, ada)
}

const review = { type: 'review-deployment', deployment: 'd1', comment: 'was right' } as const

test('DEPLOY 13: an emergency is recorded with its reason, alerts, and waits for no approval', () => {
  const story = environment({ approvals: 2 })
  story
    .when(decideDeployment, urgent(story), ada)
    .then(
      { type: 'DeploymentTriggered', data: { emergency: { reason: 'the shop is down' } } },
      { type: 'AlertRaised', data: { reason: 'emergency-deployment', severity: 'critical' } },
    )
    .when(decideDeployment, { type: 'plan-deployment', deployment: 'd1' })
    .thenNo('ApprovalRequested')
  expect(story.state.deployments.deployments.get('d1')?.status).toBe('planned')
})

test('DEPLOY 13: it takes a person, and a reason', () => {
  const story = environment({ approvals: 1 })
  story.when(decideDeployment, urgent(story), { by: apiClient('ci') }).thenRejected('person-required')
  story.when(decideDeployment, urgent(story, '  '), ada).thenRejected('input-invalid', { what: 'reason' })
  story.when(decideDeployment, urgent(story, 'x'.repeat(5_000)), ada).thenRejected('input-invalid')
})

test('DEPLOY 13: it stays open until another person reviewed it', () => {
  const story = ended()
  story.when(decideDeployment, review, ada).thenRejected('four-eyes-required', { target: 'd1' })
  story.when(decideDeployment, review, { by: apiClient('ci') }).thenRejected('person-required')
  story.when(decideDeployment, { ...review, comment: '' }, grace).thenRejected('input-invalid')
  story.when(decideDeployment, review, grace).then({ type: 'DeploymentReviewed', data: { comment: 'was right' } })
  story.when(decideDeployment, review, grace).thenNothing()
  expect(story.state.deployments.deployments.get('d1')?.review).toMatchObject({ by: { id: 'grace' } })
})

test('DEPLOY 13: what has not ended, or was no emergency, is not reviewed', () => {
  const story = environment({ approvals: 1 })
  story.and(decideDeployment, urgent(story), ada)
  story.when(decideDeployment, review, grace).thenRejected('deployment-in-progress')
  const { emergency: _, ...usual } = urgent(story)
  story.and(decideDeployment, { ...usual, type: 'trigger-deployment', deployment: 'd2' }, ada)
  story.when(decideDeployment, { ...review, deployment: 'd2' }, grace).thenRejected('review-unneeded')
})
