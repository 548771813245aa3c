import { expect, test } from 'vitest'
import { user } from '../access/actor.ts'
import { decide } from '../environment/decide.ts'
import { environment } from '../planning/planning.fixture.ts'
import { missingApprovals } from './approval.ts'
import { decideDeployment } from './decide.ts'
import { ada, current, planned } from './deployments.fixture.ts'

const linus = { by: user('linus') }

function approvedByTwo() {
  const story = environment({ approvals: 2 })
  story.given({ type: 'RoleGranted', data: { subject: 'linus', role: 'admin' } })
  story.given({ type: 'RoleGranted', data: { subject: 'linus', role: 'member' } })
  const deployment = planned(story, { services: [], needs: ['topic/sales'] })
  const digest = current(story).plan?.digest ?? ''
  for (const who of [ada, linus]) story.and(decideDeployment, { type: 'approve-deployment', deployment, digest }, who)
  return { story, deployment, digest }
}

test('DEPLOY 6: the approval of somebody who is an Admin no more does not count, and the others stay', () => {
  const { story, deployment, digest } = approvedByTwo()
  story
    .when(decide, { type: 'revoke-role', subject: 'linus', role: 'admin' }, ada)
    .then(
      { type: 'RoleRevoked' },
      { type: 'ApprovalVoided', data: { deployment, digest, expired: [{ by: { id: 'linus' } }] } },
    )
  expect(current(story)).toMatchObject({ isVoid: false, approvals: [{ by: { id: 'ada' } }] })
  expect(missingApprovals(current(story))).toMatchObject([{ section: 'infrastructure', missing: 1 }])
  story
    .when(decideDeployment, { type: 'start-phase', deployment, phase: 'provision' })
    .thenRejected('deployment-not-active')
})

test('DEPLOY 6: another role that is taken from somebody, or theirs from somebody else, takes no approval', () => {
  const { story } = approvedByTwo()
  story.when(decide, { type: 'revoke-role', subject: 'linus', role: 'member' }, ada).then({ type: 'RoleRevoked' })
  expect(missingApprovals(current(story))).toEqual([])
})
