import { expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import { system, user } from '../access/actor.ts'
import { decide } from '../environment/decide.ts'
import type { Command } from '../environment/decide.ts'
import { deployed, environment, made } from '../planning/planning.fixture.ts'
import { gone, requested } from '../planning/situations.fixture.ts'
import { newestVersion } from '../graph/state.ts'
import type { Properties } from '../json.ts'
import { decideDeployment } from './decide.ts'
import { ada, current, planned, readBack } from './deployments.fixture.ts'

const grace = { by: user('grace') }
const model = { services: [], needs: ['bucket/logs' as const, 'topic/sales' as const] }

/** A deployment waits and is approved; its plan sets what grace asked for on the bucket, and leaves the topic alone. */
function approved(): Given {
  const story = environment({ approvals: 1 })
  deployed(
    story,
    model,
    made('bucket/logs', { versioning: false, publicAccess: false }),
    made('topic/sales', { ordered: true }),
  )
  story.given(requested('r1', 'bucket/logs', { versioning: true }), grace)
  const deployment = planned(story, model)
  const { digest = '' } = current(story).plan ?? {}
  return story.and(decideDeployment, { type: 'approve-deployment', deployment, digest }, ada)
}

/** A scan that finds a node as it is now, but for these properties. */
function scan(story: Given, node: 'bucket/logs' | 'topic/sales', properties: Properties): Command {
  const known = newestVersion(story.state.graph, node)?.properties
  return {
    type: 'record-observations',
    observation: 'o9',
    startedRevision: 1_000,
    observedAt: '2026-01-05T09:30:00.000Z',
    resources: [readBack(story, node, { ...known, ...properties })],
    missing: [],
    failed: [],
  }
}

const bySystem = { by: system }

test('DEPLOY 5: adopted drift on an input voids in the same append, naming what moved, with an alert', () => {
  const story = approved()
  story.when(decide, scan(story, 'bucket/logs', { publicAccess: true }), bySystem).thenAmong(
    {
      type: 'ApprovalVoided',
      data: {
        moved: [
          {
            input: 'node bucket/logs',
            from: 'version 1',
            to: 'version 2',
            by: 'unknown, observed by system infraledger',
            cause: 'drift',
          },
        ],
        movedCount: 1,
      },
    },
    { type: 'AlertRaised', data: { reason: 'approval-voided' } },
  )
})

test('DEPLOY 5: the provider’s log names the mover afterwards', () => {
  const story = approved()
  story.and(decide, scan(story, 'bucket/logs', { 'labels["team"]': 'core' }), bySystem)
  story.given({
    type: 'DriftAttributed',
    data: {
      node: 'bucket/logs',
      version: 2,
      observation: 'o9',
      properties: ['labels["team"]'],
      principal: { type: 'user', id: 'mallory' },
    },
  })
  expect(current(story).voidings).toMatchObject([{ moved: [{ input: 'node bucket/logs', by: 'user mallory' }] }])
})

test('DEPLOY 5: drift that stands on what the plan writes voids as well', () => {
  const story = approved()
  story.and(decide, scan(story, 'bucket/logs', { versioning: null }), bySystem)
  expect(current(story)).toMatchObject({ isVoid: true, approvals: [] })
})

test('DEPLOY 5: drift on a node that is no input changes nothing', () => {
  const story = approved()
  story.when(decide, scan(story, 'topic/sales', { 'labels["team"]': 'core' }), bySystem).thenNo('ApprovalVoided')
  const before = current(story).plan?.digest
  story.and(decide, scan(story, 'topic/sales', { 'labels["team"]': 'core' }), bySystem)
  story.when(decide, { type: 'plan-deployment', deployment: current(story).id }, bySystem).thenNothing()
  expect(current(story)).toMatchObject({ plan: { digest: before }, approvals: [{}] })
})

test('DEPLOY 5: a request that would ride along voids, and says whose it is; one whose time has not come does not', () => {
  const wish = { type: 'request-change', node: 'topic/sales', set: { 'labels["team"]': 'core' }, reason: 'x' } as const
  const bob = { by: user('bob') }
  approved()
    .when(decide, { ...wish, when: { type: 'not-before', at: '2027-01-01T00:00:00.000Z' } }, bob)
    .thenNo('ApprovalVoided')
  approved()
    .when(decide, wish, bob)
    .thenAmong({ type: 'ApprovalVoided', data: { moved: [{ by: 'user bob', cause: 'change requested' }] } })
})

test('DEPLOY 5: the time of a request that comes while a plan waits is found when it is planned again', () => {
  const story = approved()
  const { id: deployment } = current(story)
  const at = '2026-02-01T00:00:00.000Z'
  story.given(requested('r2', 'topic/sales', { 'labels["team"]': 'core' }, { when: { type: 'not-before', at } }), grace)
  story
    .when(decide, { type: 'plan-deployment', deployment }, { ...bySystem, at: '2026-01-31T00:00:00.000Z' })
    .thenNothing()
  story
    .when(decide, { type: 'plan-deployment', deployment }, { ...bySystem, at })
    .thenAmong({ type: 'ApprovalVoided', data: { moved: [{ input: 'request r2', to: 'due', by: 'user grace' }] } })
})

test('DEPLOY 5: an included request that is withdrawn voids, and says by whom', () => {
  const story = approved()
  story.when(decide, { type: 'withdraw-change', request: 'r1', reason: 'no' }, grace).thenAmong({
    type: 'ApprovalVoided',
    data: { moved: [{ input: 'request r1', to: 'withdrawn', by: 'user grace', cause: 'request withdrawn' }] },
  })
})

test('DEPLOY 5: policies that change void, and the plan that follows asks as they say, and never for less', () => {
  const story = approved()
  story
    .when(decide, { type: 'change-policies', policies: { approvals: { required: 2 }, drift: [] } }, ada)
    .thenAmong({ type: 'ApprovalVoided', data: { moved: [{ input: 'policies', by: 'user ada' }] } })
    .when(decide, { type: 'plan-deployment', deployment: current(story).id }, bySystem)
    .thenNo('ApprovalVoided')
  const { id: deployment } = current(story)
  story.and(decide, { type: 'change-policies', policies: { approvals: { required: 2 }, drift: [] } }, ada)
  story.and(decide, { type: 'plan-deployment', deployment }, bySystem)
  expect(current(story)).toMatchObject({ isVoid: false, requiredApprovals: 2 })
})

test('DEPLOY 5: a resource that is gone moves its node', () => {
  const story = approved()
  const ref = newestVersion(story.state.graph, 'bucket/logs')?.ref
  if (ref === undefined) throw new Error('no ref')
  const command = { ...scan(story, 'bucket/logs', {}), resources: [], missing: [ref] } as Command
  story
    .when(decide, command, bySystem)
    .thenAmong({ type: 'ApprovalVoided', data: { moved: [{ input: 'node bucket/logs', to: 'missing' }] } })
})

test('DEPLOY 5: a void plan is not approved; planned again it waits again, as the same deployment', () => {
  const story = approved()
  const { id: deployment, plan } = current(story)
  story.and(decide, scan(story, 'bucket/logs', { 'labels["team"]': 'core' }), bySystem)
  story
    .when(decide, { type: 'approve-deployment', deployment, digest: plan?.digest ?? '' }, ada)
    .thenRejected('plan-void', { moved: ['node bucket/logs (unknown, observed by system infraledger)'] })
  story.when(decide, { type: 'start-phase', deployment, phase: 'provision' }).thenRejected('deployment-not-active')
  story.and(decide, { type: 'plan-deployment', deployment }, bySystem)
  expect(current(story)).toMatchObject({ id: deployment, status: 'waiting-for-approval', isVoid: false })
  const { digest = '' } = current(story).plan ?? {}
  expect(digest).not.toBe(plan?.digest)
  story.when(decide, { type: 'approve-deployment', deployment, digest }, ada).then({ type: 'DeploymentApproved' })
})

test('DEPLOY 5: what the re-plan finds moved is named, where no append had told it', () => {
  const story = approved()
  const { id: deployment } = current(story)
  gone(story, 'bucket/logs')
  story.when(decide, { type: 'plan-deployment', deployment }, bySystem).thenAmong({
    type: 'ApprovalVoided',
    data: { moved: [{ input: 'node bucket/logs', from: 'version 1', to: 'version 1, missing' }] },
  })
})

test('DEPLOY 5: a newer trigger supersedes, and nothing is void besides', () => {
  const story = approved()
  const { model: digest } = current(story)
  const trigger = { type: 'git-push', commit: 'c9', ref: 'main', pusher: 'ada' } as const
  story
    .when(
      decide,
      { type: 'trigger-deployment', deployment: 'd9', trigger, model: digest, requests: 'due', createNeeds: [] },
      ada,
    )
    .thenNo('ApprovalVoided')
})
