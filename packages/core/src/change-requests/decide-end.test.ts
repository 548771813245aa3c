import { describe, expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import { apiClient, user } from '../access/actor.ts'
import { byRoles } from '../access/by-roles.fixture.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import { environment, made, recordModel } from '../planning/planning.fixture.ts'
import type { Step } from '../planning/step.ts'
import { decideChangeRequest as rules } from './decide.ts'

/** The rules as they stand in a ledger: behind the role policy. */
const decideChangeRequest = byRoles(rules)

const main = 'sql-instance/main'
const [grace, linus] = [{ by: user('grace') }, { by: user('linus') }]

/** Grace's pending request for 14 days of backups, recorded are 7; ada is the Admin, grace a member. */
function requested(): { story: Given; request: string } {
  const story = environment()
    .given({ type: 'RoleGranted', data: { subject: 'grace', role: 'member' } })
    .given(made(main, { 'backup.retentionDays': 7 }))
    .and(
      decideChangeRequest,
      { type: 'request-change', node: main, set: { 'backup.retentionDays': 14 }, reason: 'audit' },
      grace,
    )
  return { story, request: [...story.state.changeRequests.requests.keys()][0] ?? '' }
}

/** A deployment whose plan includes these requests, with one planned step. */
function planned(story: Given, requests: string[]): Given {
  const model = recordModel(story, { services: [], needs: [] }).digest
  const trigger = { type: 'git-push', commit: 'c1', ref: 'main', pusher: 'ada' } as const
  const [deployment, digest] = ['d1', 'p1']
  const step: Step = {
    id: `update:${main}`,
    phase: 'provision',
    operation: 'update',
    infrastructure: true,
    node: main,
    nodeVersion: 1,
    target: { provider: 'fake', account: '1', region: 'eu-1' },
    changes: { 'backup.retentionDays': 14 },
    expected: { 'backup.retentionDays': 7 },
    impact: 'online',
    when: 'now',
    origins: [],
    edges: [],
    retiredEdges: [],
    after: [],
  }
  return story.given([
    {
      type: 'DeploymentTriggered',
      data: { deployment, trigger, commit: 'c1', model, requests: 'due', createNeeds: [] },
    },
    { type: 'PlanStepsRecorded', data: { deployment, digest, part: 1, steps: [step] } },
    {
      type: 'PlanComputed',
      data: { deployment, digest, graphVersion: 1, model, steps: 1, infrastructureSteps: 1, parts: 1, requests },
    },
  ])
}

const started: DomainEvent = {
  type: 'StepStarted',
  data: {
    deployment: 'd1',
    step: `update:${main}`,
    attempt: 1,
    idempotencyKey: 'k',
    node: main,
    operation: 'update',
    changes: { 'backup.retentionDays': 14 },
    expected: { 'backup.retentionDays': 7 },
  },
}

const withdraw = (request: string) => ({ type: 'withdraw-change', request, reason: 'not needed' }) as const
const reject = (request: string) => ({ type: 'reject-change', request, reason: 'too expensive' }) as const

describe('withdrawing', () => {
  test('CHANGE 6: the requester withdraws, and so does an Admin', () => {
    for (const moment of [grace, { by: user('ada') }]) {
      const { story, request } = requested()
      story
        .when(decideChangeRequest, withdraw(request), moment)
        .then({ type: 'ChangeWithdrawn', data: { request, reason: 'not needed' } })
      expect(story.state.changeRequests.requests.get(request)?.status).toBe('withdrawn')
      expect(story.state.changeRequests.pending.size).toBe(0)
    }
  })

  test('CHANGE 6: nobody else does, not even an API client with the id of the requester', () => {
    const { story, request } = requested()
    for (const by of [linus.by, apiClient('grace'), apiClient('ada')]) {
      story
        .when(decideChangeRequest, withdraw(request), { by })
        .thenRejected('requester-or-admin-required', { requester: 'user grace' })
    }
  })

  test('CHANGE 6: what is unknown or no longer pending is refused', () => {
    const { story, request } = requested()
    story.when(decideChangeRequest, withdraw('nope'), grace).thenRejected('change-not-found')
    story
      .and(decideChangeRequest, withdraw(request), grace)
      .when(decideChangeRequest, withdraw(request), grace)
      .thenRejected('change-not-pending', { status: 'withdrawn' })
  })

  test('CHANGE 6: not once the deployment that includes it runs, and again after that has failed', () => {
    const { story, request } = requested()
    planned(story, [request]).given({ type: 'PhaseStarted', data: { deployment: 'd1', phase: 'provision' } })
    story.when(decideChangeRequest, withdraw(request), grace).thenRejected('change-being-applied', { deployment: 'd1' })
    const outcome = { attempt: 1, outcome: 'refused', code: 'cloud-refused', message: 'no' } as const
    story.given([
      { type: 'StepFailed', data: { deployment: 'd1', step: `update:${main}`, node: main, ...outcome } },
      { type: 'DeploymentFailed', data: { deployment: 'd1', reason: 'no' } },
    ])
    story.when(decideChangeRequest, withdraw(request), grace).then({ type: 'ChangeWithdrawn' })
  })

  test('CHANGE 6: a deployment that is only planned, or does not include it, does not hold it', () => {
    const [first, second] = [requested(), requested()]
    planned(first.story, [first.request])
      .when(decideChangeRequest, withdraw(first.request), grace)
      .then({ type: 'ChangeWithdrawn' })
    planned(second.story, [])
      .given(started)
      .when(decideChangeRequest, withdraw(second.request), grace)
      .then({ type: 'ChangeWithdrawn' })
  })
})

describe('rejecting', () => {
  test('CHANGE 6: an Admin rejects a request, its requester does not', () => {
    const { story, request } = requested()
    story
      .when(decideChangeRequest, reject(request), grace)
      .thenRejected('role-required', { role: 'admin', subject: 'grace' })
    story.when(decideChangeRequest, reject(request)).then({ type: 'ChangeRejected', data: { reason: 'too expensive' } })
  })
})

describe('drift that a request held back', () => {
  test.each([withdraw, reject])('DRIFT 12: is adopted in the same append (%o)', (end) => {
    const { story, request } = requested()
    const suppressed = {
      property: 'backup.retentionDays',
      recorded: 7,
      observed: 3,
      decision: 'suppressed',
      decidedBy: 'x',
      request,
    } as const
    story.given({
      type: 'DriftDetected',
      data: { observation: 'o1', node: main, version: 1, decisions: [suppressed] },
    })
    story.when(decideChangeRequest, end(request)).thenAmong(
      { type: end === withdraw ? 'ChangeWithdrawn' : 'ChangeRejected' },
      {
        type: 'NodeVersionRecorded',
        data: { node: main, set: { 'backup.retentionDays': 3 }, cause: { type: 'drift' } },
      },
    )
    expect(story.state.drift.open.size).toBe(0)
  })
})
