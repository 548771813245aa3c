import { expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import { apiClient, user } from '../access/actor.ts'
import type { ApplicationModelInput } from '../application/model-input.ts'
import type { Policies } from '../environment/policies.ts'
import { environment } from '../planning/planning.fixture.ts'
import { requested } from '../planning/situations.fixture.ts'
import { deployed, made } from '../planning/planning.fixture.ts'
import { approvalNeeds, missingApprovals } from './approval.ts'
import { isApproved } from './decide-phase.ts'
import { decideDeployment } from './decide.ts'
import { ada, current, planned } from './deployments.fixture.ts'

const grace = { by: user('grace') }
const linus = { by: user('linus') }
const topic = { services: [], needs: ['topic/sales' as const] }

/** An environment with this policy and three Admins. */
function governed(approvals: Policies['approvals']): Given {
  return environment().given([
    { type: 'EnvironmentPoliciesChanged', data: { policies: { approvals, drift: [] } } },
    { type: 'RoleGranted', data: { subject: 'grace', role: 'admin' } },
    { type: 'RoleGranted', data: { subject: 'linus', role: 'admin' } },
  ])
}

function waiting(story: Given, model: ApplicationModelInput = topic) {
  const deployment = planned(story, model)
  const { digest = '' } = current(story).plan ?? {}
  return { type: 'approve-deployment', deployment, digest } as const
}

test('DEPLOY 6: with four eyes, who triggered it does not approve it, whether by the record or by the trigger’s name', () => {
  const story = governed({ required: 1, fourEyes: true })
  const approve = waiting(story)
  story.when(decideDeployment, approve, ada).thenRejected('four-eyes-required', { subject: 'ada' })
  story.when(decideDeployment, approve, grace).then({ type: 'DeploymentApproved' })
})

test('DEPLOY 6: with four eyes, the pusher behind an API client does not approve either', () => {
  const story = governed({ required: 1, fourEyes: true })
  const approve = waiting(story)
  Object.assign(current(story), { triggeredBy: apiClient('ci') })
  story.when(decideDeployment, approve, ada).thenRejected('four-eyes-required', { because: 'triggered it' })
})

test('DEPLOY 6: with four eyes, whoever requested an included change does not approve it, and is told which', () => {
  const story = governed({ required: 1, fourEyes: true })
  deployed(story, { services: [], needs: ['bucket/logs'] }, made('bucket/logs', { versioning: false }))
  story.given(requested('r1', 'bucket/logs', { versioning: true }), grace)
  const approve = waiting(story, { services: [], needs: ['bucket/logs'] })
  expect(current(story).plan?.requests).toEqual(['r1'])
  story
    .when(decideDeployment, approve, grace)
    .thenRejected('four-eyes-required', { because: 'requested change r1, which it includes' })
  story.when(decideDeployment, approve, linus).then({ type: 'DeploymentApproved' })
})

test('DEPLOY 6: without the policy, both may', () => {
  const story = governed({ required: 1 })
  story.when(decideDeployment, waiting(story), ada).then({ type: 'DeploymentApproved' })
})

test('DEPLOY 6: a quorum is of distinct persons, and approving twice says nothing new', () => {
  const story = governed({ required: 2 })
  const approve = waiting(story)
  story.and(decideDeployment, approve, ada)
  story.when(decideDeployment, approve, ada).thenNothing()
  expect(missingApprovals(current(story))).toEqual([{ section: 'infrastructure', missing: 1, named: false }])
  story.and(decideDeployment, approve, grace)
  expect(isApproved(current(story))).toBe(true)
})

test('DEPLOY 6: an approval that is too old counts no more: where a phase starts, and when it is planned', () => {
  const story = governed({ required: 1, expiresAfterHours: 24 })
  const approve = waiting(story)
  const { deployment } = approve
  story.and(decideDeployment, approve, { ...ada, at: '2026-01-05T12:00:00.000Z' })
  const start = { type: 'start-phase', deployment, phase: 'provision' } as const
  const [inTime, late] = [{ at: '2026-01-06T12:00:00.000Z' }, { at: '2026-01-06T12:00:01.000Z' }]
  story.when(decideDeployment, start, inTime).then({ type: 'PhaseStarted' })
  expect(isApproved(current(story), late.at)).toBe(true)
})

test('DEPLOY 6: an expired approval is void with its reason, others stay, and its giver may approve again', () => {
  const story = governed({ required: 2, expiresAfterHours: 24 })
  const approve = waiting(story)
  const { deployment, digest } = approve
  story.and(decideDeployment, approve, { ...ada, at: '2026-01-05T12:00:00.000Z' })
  story.and(decideDeployment, approve, { ...grace, at: '2026-01-06T11:00:00.000Z' })
  const late = { at: '2026-01-06T12:00:01.000Z' }
  story
    .when(decideDeployment, { type: 'start-phase', deployment, phase: 'provision' }, late)
    .thenRejected('deployment-not-active')
  story.when(decideDeployment, approve, { ...ada, ...late }).then({ type: 'DeploymentApproved' })
  story.when(decideDeployment, { type: 'plan-deployment', deployment }, late).then({
    type: 'ApprovalVoided',
    data: { digest, expired: [{ by: { id: 'ada' }, at: '2026-01-05T12:00:00.000Z' }] },
  })
  expect(current(story).approvals.map(({ by }) => by.id)).toEqual(['grace', 'ada'])
  expect(isApproved(current(story), late.at)).toBe(true)
})

const withGrant = {
  services: [],
  needs: ['topic/sales' as const, 'identity/checkout' as const],
}

test('DEPLOY 4: a section with a policy of its own needs approvals that name it; others do not count for it', () => {
  const story = governed({ required: 1, sections: { iam: 2 } })
  const approve = waiting(story, withGrant)
  expect(current(story).asked).toMatchObject({
    required: 2,
    sections: [
      { section: 'infrastructure', required: 1, named: false },
      { section: 'iam', required: 2, named: true },
    ],
  })
  story.and(decideDeployment, approve, ada)
  expect(missingApprovals(current(story))).toEqual([{ section: 'iam', missing: 2, named: true }])
  story.and(decideDeployment, { ...approve, sections: ['iam'] }, ada)
  story.when(decideDeployment, { ...approve, sections: ['iam'] }, ada).thenNothing()
  expect(isApproved(current(story))).toBe(false)
  story.and(decideDeployment, { ...approve, sections: ['iam'] }, grace)
  expect(isApproved(current(story))).toBe(true)
})

test('DEPLOY 4: an approval that is for nothing is refused and says what there is', () => {
  const story = governed({ required: 0, sections: { iam: 1 } })
  const approve = waiting(story, { services: [], needs: ['identity/checkout'] })
  const refused = { what: 'approval' }
  story.when(decideDeployment, approve, ada).thenRejected('input-invalid', refused)
  story.when(decideDeployment, { ...approve, sections: [] }, ada).thenRejected('input-invalid', refused)
  story.when(decideDeployment, { ...approve, sections: ['deletions'] }, ada).thenRejected('input-invalid', refused)
  story.when(decideDeployment, { ...approve, sections: ['iam'] }, ada).then({ type: 'DeploymentApproved' })
})

test('DEPLOY 4: a policy on one section alone lets the others through', () => {
  const story = governed({ required: 0, sections: { iam: 1 } })
  planned(story, topic)
  expect(current(story).status).toBe('planned')
})

test('DEPLOY 5: an approval names the digest of the plan that waits', () => {
  const story = governed({ required: 1 })
  const approve = waiting(story)
  story
    .when(decideDeployment, { ...approve, digest: 'stale' }, ada)
    .thenRejected('plan-digest-mismatch', { expected: approve.digest })
})

test('DEPLOY 6: what a plan that waits was asked for is not taken back: neither the number nor the time', () => {
  const story = governed({ required: 2, expiresAfterHours: 24 })
  waiting(story)
  const { plan, asked } = current(story)
  const steps = [...(plan?.steps.values() ?? [])].map(({ step }) => step)
  expect(approvalNeeds({ required: 1 }, steps, asked)).toMatchObject({ required: 2, expiresAfterHours: 24 })
  expect(approvalNeeds({ required: 1, expiresAfterHours: 48 }, steps, asked)).toMatchObject({ expiresAfterHours: 24 })
  expect(approvalNeeds({ required: 1, expiresAfterHours: 1 }, steps, asked)).toMatchObject({ expiresAfterHours: 1 })
})
