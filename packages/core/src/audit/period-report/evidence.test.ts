import { expect, test } from 'vitest'
import { apiClient, user } from '../../access/actor.ts'
import type { Actor } from '../../access/actor.ts'
import { gitPush } from '../../deployments/trigger.ts'
import type { DomainEvent, LedgerEvent } from '../../environment/catalogue.ts'
import type { Cause } from '../../graph/cause.ts'
import type { NodeId } from '../../graph/ids.ts'
import { cellsOf } from './cells.ts'
import { changeRow } from './change-row.ts'
import { noEvidence, takeEvidence } from './evidence.ts'
import type { ReportedChange } from './rows.ts'
import { ticketFinder } from './tickets.ts'

const AT = '2026-03-02T09:00:00.000Z'
const SOURCE = {
  environment: 'prod',
  at: AT,
  actor: user('ada'),
  event: { id: 'e', stream: 'environment-prod', revision: 0, position: 1n },
}

function recorded(event: DomainEvent, actor: Actor = user('ada'), at = AT): LedgerEvent {
  return { ...event, metadata: { actor, recordedAt: at, correlationId: 'c' }, id: 'e', revision: 0 }
}

/** The row of a change with some cause, after some events. */
function rowAfter(events: readonly LedgerEvent[], cause: Cause): ReportedChange {
  const evidence = noEvidence()
  for (const event of events) takeEvidence(evidence, event)
  const node: NodeId = 'bucket/a'
  const data = { node, version: 2, incarnation: 1, set: { size: 1 }, unset: ['old'], cause }
  const row = changeRow(recorded({ type: 'NodeVersionRecorded', data }), SOURCE, evidence, ticketFinder())
  if (row === undefined) throw new Error('no row')
  return row
}

const trigger = gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' })
const deploymentData = { deployment: 'd', trigger, commit: 'c1', model: 'm', requests: 'due' as const }
const createNeeds: NodeId[] = []
const triggered = recorded({ type: 'DeploymentTriggered', data: { ...deploymentData, createNeeds } })
const byDeployment: Cause = { type: 'deployment', deployment: 'd', requests: [] }

function planned(digest: string): LedgerEvent {
  const counts = { graphVersion: 1, steps: 1, infrastructureSteps: 1, parts: 1 }
  return recorded({ type: 'PlanComputed', data: { deployment: 'd', digest, model: 'm', requests: [], ...counts } })
}

function approved(digest: string, who: string, at = AT): LedgerEvent {
  return recorded({ type: 'DeploymentApproved', data: { deployment: 'd', digest } }, user(who), at)
}

const approvers = (row: ReportedChange): string[] => row.deployment?.approvals.map(({ by }) => by.id) ?? []

test('AUDIT 17 | approvers are those whose approval counted when the change was recorded', () => {
  const two = [triggered, planned('p1'), approved('p1', 'grace'), approved('p1', 'linus')]
  expect(approvers(rowAfter(two, byDeployment))).toEqual(['grace', 'linus'])
  const voided = { deployment: 'd', digest: 'p1', reason: 'moved' }
  const all = recorded({ type: 'ApprovalVoided', data: voided })
  expect(approvers(rowAfter([...two, all], byDeployment))).toEqual([])
  const expired = [{ by: user('grace'), at: AT }]
  const one = recorded({ type: 'ApprovalVoided', data: { ...voided, expired } })
  expect(approvers(rowAfter([...two, one], byDeployment))).toEqual(['linus'])
  expect(approvers(rowAfter([...two, planned('p2'), approved('p2', 'barbara')], byDeployment))).toEqual(['barbara'])
  expect(approvers(rowAfter([...two, planned('p1')], byDeployment))).toEqual(['grace', 'linus'])
})

test('AUDIT 17 | what skipped approval says so, with the reason and its ticket', () => {
  const emergency = { reason: 'the shop is down, INC-9' }
  const row = rowAfter(
    [recorded({ type: 'DeploymentTriggered', data: { ...deploymentData, createNeeds, emergency } })],
    byDeployment,
  )
  expect(row.tickets).toEqual(['INC-9'])
  expect(cellsOf(row)).toMatchObject({ approvers: 'none: emergency (the shop is down, INC-9)', commit: 'c1' })
})

test('AUDIT 17 | what another tool carried out names tool, plan, commit and approvers', () => {
  const place = { tool: { name: 'terraform' }, plan: 'OPS-3.tfplan', digest: 'x', trigger, commit: 'c9' }
  const counts = { complete: true, drifted: 0, graphVersion: 1, required: 1, counts: {}, parts: 1 }
  const proposed = recorded(
    { type: 'ExternalDeploymentProposed', data: { deployment: 'x1', ...place, ...counts } },
    apiClient('ci'),
  )
  const given = recorded(
    { type: 'ExternalDeploymentApproved', data: { deployment: 'x1', digest: 'x', comment: 'ok' } },
    user('linus'),
  )
  const cause: Cause = { type: 'external-deployment', deployment: 'x1' }
  const row = rowAfter([proposed, given], cause)
  expect(row).toMatchObject({
    deployment: { tool: 'terraform', commit: 'c9', triggeredBy: { id: 'ci' } },
    tickets: ['OPS-3'],
  })
  expect(cellsOf(row)).toMatchObject({ cause: 'deployment by terraform', approvers: `user linus at ${AT}: ok` })
  const moved = recorded({
    type: 'ExternalApprovalVoided',
    data: { deployment: 'x1', digest: 'x', reason: 'r', moved: [] },
  })
  expect(approvers(rowAfter([proposed, given, moved], cause))).toEqual([])
})

test('AUDIT 17 | imports name their source, repairs their reason, and unknown causes nothing that is not there', () => {
  const source = { type: 'terraform', name: 'prod.tfstate', serial: 4, digest: 'd' }
  const started = recorded({ type: 'ImportStarted', data: { import: 'i', source, nodes: 1, edges: 0 } })
  expect(cellsOf(rowAfter([started], { type: 'import', import: 'i' }))['cause']).toBe(
    'import of prod.tfstate (serial 4)',
  )
  expect(cellsOf(rowAfter([], { type: 'import', import: 'i' }))['cause']).toBe('import')
  expect(rowAfter([], { type: 'repair', reason: 'by hand, OPS-1 and OPS-2, OPS-1' }).tickets).toEqual([
    'OPS-1',
    'OPS-2',
  ])
  expect(cellsOf(rowAfter([], byDeployment))).toMatchObject({
    commit: '',
    approvers: '',
    change: 'size = 1; old unset',
  })
  expect(changeRow(triggered, SOURCE, noEvidence(), ticketFinder())).toBeUndefined()
})

test('AUDIT 17 | a secret is shown as one, and never by what stands for it', () => {
  const row = rowAfter([], byDeployment)
  const secret = { $secret: { keyId: 'k', fingerprint: 'f'.repeat(64) } }
  expect(cellsOf({ ...row, set: { password: secret } })['change']).toBe('password = (secret); old unset')
})
