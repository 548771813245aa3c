import { expect, test } from 'vitest'
import { apiClient, system, user } from '../access/actor.ts'
import type { NodeId } from '../graph/ids.ts'
import { environment, made, recordModel } from '../planning/planning.fixture.ts'
import { decideProtection } from './decide.ts'
import { imported, shop } from './protection.fixture.ts'

const confirm = (node: NodeId) => ({ type: 'confirm-deletion', node, reason: 'no longer needed' }) as const

test('PROTECT 2: a person confirms the deletion of one unused stateful node, as it is now', () => {
  const story = shop()
  story.when(decideProtection, confirm('sql-instance/old'), { by: user('grace') }).then({
    type: 'DeletionConfirmed',
    data: { node: 'sql-instance/old', incarnation: 1, lossAcknowledged: false, automatedBackupsToo: false },
  })
  expect([...story.state.protection.confirmations.keys()]).toEqual(['sql-instance/old'])
})

test.each([apiClient('ci'), system])('PROTECT 2: nobody but a person confirms a deletion: %o', (by) => {
  shop().when(decideProtection, confirm('sql-instance/old'), { by }).thenRejected('person-required')
})

test('PROTECT 2: confirming again says nothing new, unless it says more', () => {
  const story = shop().and(decideProtection, confirm('sql-instance/old'))
  story.when(decideProtection, confirm('sql-instance/old')).thenNothing()
  story
    .when(decideProtection, { ...confirm('sql-instance/old'), automatedBackupsToo: true })
    .then({ type: 'DeletionConfirmed', data: { automatedBackupsToo: true } })
})

test('PROTECT 2: what is in use is not confirmed; the refusal says who uses it', () => {
  shop()
    .when(decideProtection, confirm('bucket/receipts'))
    .thenRejected('confirmation-refused', { reason: 'in-use', usedBy: ['service/checkout'] })
})

test('PROTECT 2: nor is what a deployment under way is going to use', () => {
  const story = shop()
  const model = recordModel(story, {
    services: [],
    needs: ['bucket/receipts', { node: 'sql-database/new', dependsOn: ['sql-instance/old'] }],
  })
  const trigger = { type: 'git-push', commit: 'c2', ref: 'main', pusher: 'ada' } as const
  story.given({
    type: 'DeploymentTriggered',
    data: { deployment: 'd2', trigger, commit: 'c2', model: model.digest, requests: 'due', createNeeds: [] },
  })
  story
    .when(decideProtection, confirm('sql-instance/old'))
    .thenRejected('confirmation-refused', { reason: 'in-use', usedBy: ['sql-database/new'] })
})

test('PROTECT 3: what is declared is in use, also when no service uses it', () => {
  const story = shop()
  const model = recordModel(story, { services: [], needs: ['topic/old'] }).digest
  const trigger = { type: 'git-push', commit: 'c2', ref: 'main', pusher: 'ada' } as const
  story.given([
    {
      type: 'DeploymentTriggered',
      data: { deployment: 'd2', trigger, commit: 'c2', model, requests: 'due', createNeeds: [] },
    },
    { type: 'DeploymentSucceeded', data: { deployment: 'd2', graphVersion: 1 } },
  ])
  story
    .when(decideProtection, { ...confirm('topic/old'), acknowledgeLoss: true })
    .thenRejected('confirmation-refused', { reason: 'in-use', usedBy: ['topic/old'] })
})

test('OWN 2: without a deployed model nothing is known to be unused', () => {
  environment()
    .given(made('sql-instance/old', {}))
    .when(decideProtection, confirm('sql-instance/old'))
    .thenRejected('confirmation-refused', { reason: 'usage-unknown' })
})

test('OWN 1: what is only observed is never removed, so nothing is confirmed', () => {
  shop()
    .given(imported('sql-instance/theirs'))
    .when(decideProtection, confirm('sql-instance/theirs'))
    .thenRejected('confirmation-refused', { reason: 'observed' })
})

test('PROTECT 7: what holds no data needs no confirmation', () => {
  shop().when(decideProtection, confirm('network/old')).thenRejected('confirmation-refused', { reason: 'not-stateful' })
})

test('OWN 3: a kind that we do not know holds data', () => {
  shop()
    .given(made('aws_sqs_queue/q', {}))
    .when(decideProtection, { ...confirm('aws_sqs_queue/q'), acknowledgeLoss: true })
    .then({ type: 'DeletionConfirmed' })
})

test('PROTECT 6: where no copy can be kept, the loss is acknowledged', () => {
  const story = shop()
  story
    .when(decideProtection, confirm('topic/old'))
    .thenRejected('confirmation-refused', { reason: 'loss-not-acknowledged' })
  story
    .when(decideProtection, { ...confirm('topic/old'), acknowledgeLoss: true })
    .then({ type: 'DeletionConfirmed', data: { lossAcknowledged: true } })
})

test('an unknown node and a missing reason are refused', () => {
  shop()
    .when(decideProtection, confirm('sql-instance/odl'))
    .thenRejected('node-not-found', { closest: ['sql-instance/old'] })
  shop()
    .when(decideProtection, { ...confirm('sql-instance/old'), reason: '' })
    .thenRejected('input-invalid')
})
