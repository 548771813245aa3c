import type { Actor } from '../access/actor.ts'
import type { Authorization } from '../access/authorization.ts'
import type { EventData, Handlers } from '../environment/catalogue.ts'
import type { NodeId } from '../graph/ids.ts'

/** A person's wish to set properties of a node, and what became of it. */
export type ChangeRequest = Readonly<EventData<'ChangeRequested'>> & {
  readonly requester: Actor
  /** What allowed the requester to ask. */
  readonly authorization?: Authorization
  readonly requestedAt: string
  status: 'pending' | 'applied' | 'converged' | 'withdrawn' | 'rejected'
  /** Properties that are neither written nor observed yet. */
  readonly remaining: Set<string>
  /** Deployments that wrote some of it. */
  readonly deployments: string[]
  /** Reason given when it was withdrawn or rejected. */
  outcome: string | undefined
}

export type ChangeRequestsSlice = {
  readonly requests: Map<string, ChangeRequest>
  /** Pending requests by node and property: at most one each (CHANGE 3). */
  readonly pending: Map<NodeId, Map<string, ChangeRequest>>
}

export function emptyChangeRequests(): ChangeRequestsSlice {
  return { requests: new Map(), pending: new Map() }
}

/** The pending request on a property of a node. */
export function pendingRequest(slice: ChangeRequestsSlice, node: NodeId, property: string): ChangeRequest | undefined {
  return slice.pending.get(node)?.get(property)
}

export const changeRequestHandlers = {
  ChangeRequested(slice, { data, metadata }) {
    const request: ChangeRequest = {
      ...data,
      requester: metadata.actor,
      ...(metadata.authorization === undefined ? {} : { authorization: metadata.authorization }),
      requestedAt: metadata.recordedAt,
      status: 'pending',
      remaining: new Set(Object.keys(data.set)),
      deployments: [],
      outcome: undefined,
    }
    slice.requests.set(data.request, request)
    indexRequest(slice, request)
  },
  ChangeWithdrawn: (slice, { data }) => end(slice, data.request, 'withdrawn', data.reason),
  ChangeRejected: (slice, { data }) => end(slice, data.request, 'rejected', data.reason),
  ChangeApplied(slice, { data }) {
    const request = slice.requests.get(data.request)
    if (request === undefined) return
    if (!request.deployments.includes(data.deployment)) request.deployments.push(data.deployment)
    settle(slice, request, data.properties, 'applied')
  },
  ChangeConverged(slice, { data }) {
    const request = slice.requests.get(data.request)
    if (request !== undefined)
      settle(slice, request, data.properties, request.deployments.length > 0 ? 'applied' : 'converged')
  },
} satisfies Handlers<ChangeRequestsSlice>

/** Makes a pending request findable by node and property. */
export function indexRequest(slice: ChangeRequestsSlice, request: ChangeRequest): void {
  const byProperty = slice.pending.get(request.node) ?? new Map<string, ChangeRequest>()
  slice.pending.set(request.node, byProperty)
  for (const property of request.remaining) byProperty.set(property, request)
}

function settle(
  slice: ChangeRequestsSlice,
  request: ChangeRequest,
  properties: readonly string[],
  status: 'applied' | 'converged',
): void {
  for (const property of properties) {
    request.remaining.delete(property)
    forget(slice, request, property)
  }
  if (request.remaining.size === 0) request.status = status
}

function end(slice: ChangeRequestsSlice, id: string, status: 'withdrawn' | 'rejected', outcome: string): void {
  const request = slice.requests.get(id)
  if (request === undefined) return
  request.status = status
  request.outcome = outcome
  for (const property of request.remaining) forget(slice, request, property)
}

function forget(slice: ChangeRequestsSlice, request: ChangeRequest, property: string): void {
  const byProperty = slice.pending.get(request.node)
  if (byProperty?.get(property) === request) byProperty.delete(property)
  if (byProperty?.size === 0) slice.pending.delete(request.node)
}
