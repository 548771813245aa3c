import { scenario } from '@infraledger/testkit'
import type { Given } from '@infraledger/testkit'
import { user } from '../access/actor.ts'
import { gitPush } from '../deployments/trigger.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { Answer } from '../graph/answer.ts'
import { graphDraft } from '../graph/build.ts'
import type { NodeChange } from '../graph/build.ts'
import type { Cause } from '../graph/cause.ts'
import type { NodeId } from '../graph/ids.ts'
import type { Properties } from '../json.ts'

export const MAIN: NodeId = 'sql-instance/main'
export const GRACE = user('grace')

export function byDeployment(deployment: string, requests: string[] = []): Cause {
  return { type: 'deployment', deployment, step: `update:${MAIN}`, requests }
}

export const drift: Cause = { type: 'drift', observation: 'o1', lastSeenAt: '2026-01-05T08:00:00.000Z' }

export function triggered(deployment: string, commit: string, pusher = 'ada'): DomainEvent {
  const trigger = gitPush({ commit, ref: 'main', pusher })
  const runtime = { version: '1.2.3', baseImage: 'debian:13', pinned: true }
  return {
    type: 'DeploymentTriggered',
    data: { deployment, trigger, commit, model: 'm1', requests: 'due', runtime, createNeeds: [] },
  }
}

export function requested(request: string, set: Properties, node = MAIN): DomainEvent {
  const fields = {
    baseVersion: 1,
    reason: 'the audit asks for it',
    impact: 'online',
    downtimeAcknowledged: false,
  } as const
  return { type: 'ChangeRequested', data: { request, node, set, ...fields, when: { type: 'next-deployment' } } }
}

export function attributed(
  version: number,
  properties: string[],
  principal: 'unknown' | { type: 'user'; id: string },
): DomainEvent {
  const activity = { id: 'a1', operation: 'ModifyDBInstance', at: '2026-01-05T08:30:00.000Z' }
  return {
    type: 'DriftAttributed',
    data: { node: MAIN, version, properties, principal, ...(principal === 'unknown' ? {} : { activity }) },
  }
}

/** That a scan adopted drift as a version. */
export function detected(adoptedVersion: number, property: string): DomainEvent {
  const decision = { property, decision: 'adopted', decidedBy: 'default' } as const
  const data = { observation: 'o1', node: MAIN, version: adoptedVersion - 1, adoptedVersion, decisions: [decision] }
  return { type: 'DriftDetected', data }
}

/** The events of one change of a node. */
export function changed(story: Given, cause: Cause, change: NodeChange, node = MAIN): readonly DomainEvent[] {
  const draft = graphDraft(story.state, cause)
  draft.nodeVersion(node, change)
  return draft.events
}

/** Ada's push creates the instance; Grace's request rides along with Ada's next push, approved by Linus. */
export function story(): Given {
  const begun = scenario().given(triggered('d-1', 'c1'))
  begun.given(
    changed(begun, byDeployment('d-1'), { set: { tier: 'small', 'backup.retentionDays': 7 }, ownership: 'managed' }),
  )
  begun.given({ type: 'DeploymentSucceeded', data: { deployment: 'd-1', graphVersion: 1 } })
  begun.given(requested('r-1', { 'backup.retentionDays': 14 }), { by: GRACE }).given(triggered('d-2', 'c2'))
  begun.given(
    { type: 'DeploymentApproved', data: { deployment: 'd-2', digest: 'p2', comment: 'looks right' } },
    { by: user('linus') },
  )
  begun.given([
    ...changed(begun, byDeployment('d-2', ['r-1']), { set: { 'backup.retentionDays': 14 } }),
    { type: 'ChangeApplied', data: { request: 'r-1', deployment: 'd-2', properties: ['backup.retentionDays'] } },
  ])
  return begun.given({ type: 'DeploymentSucceeded', data: { deployment: 'd-2', graphVersion: 2 } })
}

/** The value of an answer that must be one. */
export function valueOf<Value>(answer: Answer<Value>): Value {
  if (answer.type === 'answered') return answer.value
  throw new Error(answer.type === 'rejected' ? answer.rejection.message : 'not loaded')
}
