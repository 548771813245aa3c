import { expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import { environment } from '../planning/planning.fixture.ts'
import { decideDeployment } from './decide.ts'
import { isApproved } from './decide-phase.ts'
import { ada, current, planned } from './deployments.fixture.ts'

const model = { services: [], needs: ['topic/sales' as const] }
const plan = (deployment: string) => ({ type: 'plan-deployment', deployment }) as const

/** The plan's events without the last one: a process died between two of its appends. */
function halfPlanned(): { readonly story: Given; readonly deployment: string } {
  const [whole, story] = [environment({ approvals: 1 }), environment({ approvals: 1 })]
  planned(whole, model)
  const steps = [...(current(whole).plan?.steps.values() ?? [])].map(({ step }) => step)
  const { digest = '', graphVersion = 0 } = current(whole).plan ?? {}
  const deployment = planned(story, model)
  const counts = { model: current(story).model, steps: 1, infrastructureSteps: 1, parts: 1, requests: [] }
  story.given([
    { type: 'PlanStepsRecorded', data: { deployment, digest, part: 1, steps } },
    { type: 'PlanComputed', data: { deployment, digest, graphVersion, ...counts } },
  ])
  return { story, deployment }
}

test('DEPLOY 4: a plan whose request for approval was not written any more does not run without one', () => {
  const { story, deployment } = halfPlanned()
  expect(current(story).status).toBe('planned')
  story.when(decideDeployment, plan(deployment)).then({ type: 'ApprovalRequested', data: { required: 1 } })
  expect(isApproved(current(story))).toBe(false)
})

test('DEPLOY 4: nor where somebody would begin it at once', () => {
  const { story, deployment } = halfPlanned()
  const start = { type: 'start-phase', deployment, phase: 'provision' } as const
  story.when(decideDeployment, start).then({ type: 'ApprovalRequested', data: { required: 1 } })
  expect(current(story)).toMatchObject({ status: 'waiting-for-approval', phase: undefined })
})

test('DEPLOY 4: nor does one whose approval is void, also when the plan comes out as it was', () => {
  const story = environment({ approvals: 1 })
  const deployment = planned(story, model)
  const { digest = '' } = current(story).plan ?? {}
  story.and(decideDeployment, { type: 'approve-deployment', deployment, digest }, ada)
  story.given({ type: 'ApprovalVoided', data: { deployment, digest, reason: 'another plan' } })
  expect(isApproved(current(story))).toBe(false)
  story.when(decideDeployment, plan(deployment)).then({ type: 'ApprovalRequested', data: { digest, required: 1 } })
  story
    .when(decideDeployment, { type: 'start-phase', deployment, phase: 'provision' })
    .thenRejected('deployment-not-active', { status: 'waiting-for-approval' })
})

test('DEPLOY 4: a policy that asks for less meanwhile lets nothing through', () => {
  const story = environment({ approvals: 2 })
  const deployment = planned(story, model)
  story.given({ type: 'EnvironmentPoliciesChanged', data: { policies: { approvals: { required: 0 }, drift: [] } } })
  story
    .when(decideDeployment, plan(deployment))
    .thenAmong({ type: 'ApprovalVoided' }, { type: 'ApprovalRequested', data: { required: 2 } })
  expect(isApproved(current(story))).toBe(false)
})

test('DEPLOY 5: a plan that comes out as it was says nothing new, another one voids what was approved', () => {
  const story = environment({ approvals: 2 })
  const deployment = planned(story, model)
  const { digest = '' } = current(story).plan ?? {}
  story.and(decideDeployment, { type: 'approve-deployment', deployment, digest }, ada)
  story.when(decideDeployment, plan(deployment)).thenNothing()
  story.given({ type: 'EnvironmentPoliciesChanged', data: { policies: { approvals: { required: 3 }, drift: [] } } })
  story
    .when(decideDeployment, plan(deployment))
    .thenAmong(
      { type: 'ApprovalVoided', data: { digest, moved: [{ input: 'policies' }] } },
      { type: 'PlanComputed' },
      { type: 'ApprovalRequested' },
    )
  expect(current(story)).toMatchObject({ status: 'waiting-for-approval', approvals: [] })
})
