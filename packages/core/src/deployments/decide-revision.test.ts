import { describe, expect, test } from 'vitest'
import { deployed, environment, made } from '../planning/planning.fixture.ts'
import { adopted } from '../planning/situations.fixture.ts'
import { decideDeployment } from './decide.ts'
import { REVISIONS } from './decide-revision.ts'
import { ada, current, planned, readBack, running } from './deployments.fixture.ts'

const main = 'sql-instance/main' as const
const other = 'sql-instance/other' as const
const days = 'backup.retentionDays'
const instances = (value: number) => ({
  services: [],
  needs: [main, other].map((node) => ({ node, properties: { [days]: value } })),
})

function begun() {
  const story = environment()
  deployed(story, instances(7), made(main, { [days]: 7 }), made(other, { [days]: 7 }))
  return { story, deployment: running(story, instances(14)) }
}

const revise = (deployment: string, step: string = `update:${other}`) =>
  ({
    type: 'revise-deployment',
    deployment,
    step,
    reason: `${days} of ${other} changed since it was planned`,
    moved: [{ property: days, expected: 7, observed: 8 }],
  }) as const

describe('a deployment whose world moved', () => {
  test('DEPLOY 5: goes back to planning; what is done stays done, and the new plan has what is left, under keys of its own', () => {
    const { story, deployment } = begun()
    const step = `update:${main}`
    story.and(decideDeployment, { type: 'start-step', deployment, step })
    story.when(decideDeployment, revise(deployment)).thenRejected('deployment-in-progress')
    const observation = readBack(story, main, { [days]: 14 })
    story.and(decideDeployment, { type: 'finish-step', deployment, step, observation, deferred: {} })
    story.when(decideDeployment, revise(deployment)).then({
      type: 'DeploymentRevised',
      data: { step: `update:${other}`, node: other, moved: [{ property: days, expected: 7, observed: 8 }] },
    })
    expect(current(story)).toMatchObject({ status: 'triggered', plan: undefined, completedPhases: [], revisions: 1 })
    adopted(story, other, { [days]: 8 })
    story.and(decideDeployment, { type: 'plan-deployment', deployment })
    const steps = [...(current(story).plan?.steps.values() ?? [])].map((each) => each.step)
    expect(steps.map(({ id, expected, changes }) => ({ id, expected, changes }))).toEqual([
      { id: `update:${other}`, expected: { [days]: 8 }, changes: { [days]: 14 } },
    ])
    story.and(decideDeployment, { type: 'start-phase', deployment, phase: 'provision' })
    story
      .when(decideDeployment, { type: 'start-step', deployment, step: `update:${other}` })
      .then({ type: 'StepStarted', data: { idempotencyKey: `${deployment}.1/update:${other}` } })
  })

  test('DEPLOY 5: its approval is void, and the new plan waits for one of its own', () => {
    const story = environment({ approvals: 1 })
    deployed(story, instances(7), made(main, { [days]: 7 }), made(other, { [days]: 7 }))
    const deployment = planned(story, instances(14))
    const digest = current(story).plan?.digest ?? ''
    story.and(decideDeployment, { type: 'approve-deployment', deployment, digest }, ada)
    story.and(decideDeployment, { type: 'start-phase', deployment, phase: 'provision' })
    story.when(decideDeployment, revise(deployment)).then(
      {
        type: 'ApprovalVoided',
        data: { deployment, moved: [{ input: `node ${other}`, to: `version 1, differs in ${days}` }] },
      },
      { type: 'AlertRaised', data: { reason: 'approval-voided' } },
      { type: 'DeploymentRevised' },
    )
    story.and(decideDeployment, { type: 'plan-deployment', deployment })
    expect(current(story)).toMatchObject({ status: 'waiting-for-approval', approvals: [] })
    story
      .when(decideDeployment, { type: 'start-phase', deployment, phase: 'provision' })
      .thenRejected('deployment-not-active')
  })

  test('DEPLOY 5: is planned anew a bounded number of times, and then fails with the reason', () => {
    const { story, deployment } = begun()
    for (let revision = 1; revision <= REVISIONS; revision++) {
      story.and(decideDeployment, revise(deployment))
      story.and(decideDeployment, { type: 'plan-deployment', deployment })
      story.and(decideDeployment, { type: 'start-phase', deployment, phase: 'provision' })
    }
    story.and(decideDeployment, revise(deployment))
    expect(story.state.deployments.deployments.get(deployment)).toMatchObject({ status: 'failed' })
    expect(story.state.deployments.deployments.get(deployment)?.reason).toContain(`planned anew ${REVISIONS} times`)
  })

  test('DEPLOY 8: and that is superseded then is gone on from by the next, back to the model before as well', () => {
    const { story, deployment } = begun()
    const step = `update:${main}`
    story.and(decideDeployment, { type: 'start-step', deployment, step })
    const observation = readBack(story, main, { [days]: 14 })
    story.and(decideDeployment, { type: 'finish-step', deployment, step, observation, deferred: {} })
    story.and(decideDeployment, revise(deployment))
    running(story, instances(7))
    const steps = [...(current(story).plan?.steps.values() ?? [])].map((each) => each.step)
    expect(steps.map(({ id, changes }) => ({ id, changes }))).toEqual([
      { id: `update:${main}`, changes: { [days]: 7 } },
    ])
  })
})
