import type { Given } from '@infraledger/testkit'
import { user } from '../access/actor.ts'
import type { DomainEvent, EventData } from '../environment/catalogue.ts'
import type { NodeId } from '../graph/ids.ts'
import type { Properties } from '../json.ts'
import { newestVersion } from '../graph/state.ts'

type Decision = EventData<'DriftDetected'>['decisions'][number]

/** A pending request of grace. */
export function requested(
  request: string,
  node: NodeId,
  set: Properties,
  data: Partial<EventData<'ChangeRequested'>> = {},
): DomainEvent {
  const how = { impact: 'online', downtimeAcknowledged: true, when: { type: 'next-deployment' } } as const
  return { type: 'ChangeRequested', data: { request, node, set, baseVersion: 1, reason: 'audit', ...how, ...data } }
}

export const grace = { by: user('grace') }

/** A difference that a scan found and left standing. */
export function standing(node: NodeId, decision: Omit<Decision, 'decidedBy'>): DomainEvent {
  return {
    type: 'DriftDetected',
    data: { observation: 'o1', node, version: 1, decisions: [{ decidedBy: 'a rule', ...decision }] },
  }
}

/** A value of the node that somebody changed in the console and that was adopted. */
export function adopted(story: Given, node: NodeId, set: Properties, unset: string[] = []): void {
  const before = newestVersion(story.state.graph, node)
  const place = { version: (before?.version ?? 0) + 1, incarnation: before?.incarnation ?? 1 }
  const cause = { type: 'drift', observation: 'o' } as const
  story.given({ type: 'NodeVersionRecorded', data: { node, ...place, set, unset, cause } })
}

/** A value that a deployment wrote and the provider has put off. */
export function putOff(node: NodeId, deferred: Properties): DomainEvent {
  return { type: 'StepDeferred', data: { deployment: 'd1', step: `update:${node}`, node, deferred } }
}

/** The same event for a node that another tool made. */
export function observed(event: DomainEvent): DomainEvent {
  if (event.type !== 'NodeVersionRecorded') return event
  return { ...event, data: { ...event.data, ownership: 'observed', cause: { type: 'repair', reason: 'found' } } }
}

/** A resource that the provider says is gone. */
export function gone(story: Given, node: NodeId): void {
  const ref = newestVersion(story.state.graph, node)?.ref
  if (ref === undefined) throw new Error(`no provider knows ${node}`)
  story.given({ type: 'ResourceMissing', data: { observation: 'o', node, ref } })
}
