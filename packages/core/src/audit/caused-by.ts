import type { Actor } from '../access/actor.ts'
import type { Deployment } from '../deployments/deployment.ts'
import type { Trigger } from '../deployments/trigger.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { summariseExternal } from '../external-deployments/summary.ts'
import type { ExternalDeploymentStatus } from '../external-deployments/summary.ts'
import type { ExternalDeployment } from '../external-deployments/state.ts'
import { answered } from '../graph/answer.ts'
import type { Answer } from '../graph/answer.ts'
import type { Cause } from '../graph/cause.ts'
import { closest } from '../graph/closest.ts'
import type { EdgeId, NodeId } from '../graph/ids.ts'
import { didYouMean } from '../graph/kind-catalogue.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { causeIndex } from './cause-index.ts'

/** What to follow forwards: everything that a commit, a person, a deployment or a change request brought about. */
export type CauseQuery =
  | { readonly commit: string }
  /** A person or client, by subject id. */
  | { readonly user: string }
  | { readonly deployment: string }
  | { readonly request: string }

/** A version of a node or edge, as far as telling what was caused needs it. */
export type CausedVersion = {
  readonly node?: NodeId
  readonly edge?: EdgeId
  readonly version: number
  readonly graphVersion: number
  readonly recordedAt: string
  readonly changed: readonly string[]
  readonly retired: boolean
  readonly cause: Cause
  readonly actor: Actor
}

/** What was caused, each list in the order in which it was recorded. */
export type Caused = {
  readonly versions: readonly CausedVersion[]
  readonly deployments: readonly {
    readonly id: string
    readonly commit: string
    readonly status: Deployment['status'] | ExternalDeploymentStatus
    readonly triggeredAt: string
  }[]
  readonly requests: readonly {
    readonly id: string
    readonly node: NodeId
    readonly status: string
    readonly requestedAt: string
    readonly requester: Actor
  }[]
}

/**
 * Everything that a commit caused, or a person asked for: the deployments, the change requests, and the versions that came of them.
 * Refuses with `deployment-not-found` or `change-not-found`; a commit or person that caused nothing is answered with nothing.
 */
export function causedBy(state: EnvironmentState, query: CauseQuery): Answer<Caused> {
  const problem = unknownIn(state, query)
  if (problem !== undefined) return { type: 'rejected', rejection: problem }
  if (state.graph.firstVersion > 1) return { type: 'not-loaded' }
  const deployments = [...state.deployments.deployments.values()].filter((deployment) =>
    meansDeployment(state, query, deployment),
  )
  const external = [...state.externalDeployments.deployments.values()].filter((deployment) =>
    meansExternal(query, deployment),
  )
  const requests = [...state.changeRequests.requests.values()].filter(({ request, requester }) => {
    if ('request' in query) return request === query.request
    return 'user' in query && requester.id === query.user
  })
  const index = causeIndex(state.graph)
  const places = new Set<number>()
  const add = (found: readonly number[] | undefined): void => found?.forEach((place) => places.add(place))
  if (!('request' in query)) for (const { id } of [...deployments, ...external]) add(index.byDeployment.get(id))
  for (const { request } of requests) add(index.byRequest.get(request))
  if ('user' in query) add(index.byActor.get(query.user))
  return answered({
    versions: [...places].toSorted((a, b) => a - b).flatMap((place) => index.versions[place] ?? []),
    deployments: [
      ...deployments.map(({ id, commit, status, triggeredAt }) => ({ id, commit, status, triggeredAt })),
      ...external
        .map(summariseExternal)
        .map(({ id, commit, status, proposedAt }) => ({ id, commit, status, triggeredAt: proposedAt })),
    ],
    requests: requests.map(({ request, node, status, requestedAt, requester }) => ({
      id: request,
      node,
      status,
      requestedAt,
      requester,
    })),
  })
}

function meansDeployment(state: EnvironmentState, query: CauseQuery, deployment: Deployment): boolean {
  if ('commit' in query) return deployment.commit === query.commit
  if ('deployment' in query) return deployment.id === query.deployment
  if ('user' in query) return deployment.triggeredBy.id === query.user || personOf(deployment.trigger) === query.user
  return state.changeRequests.requests.get(query.request)?.deployments.includes(deployment.id) === true
}

function meansExternal(query: CauseQuery, { id, commit, proposedBy, trigger }: ExternalDeployment): boolean {
  if ('commit' in query) return commit === query.commit
  if ('deployment' in query) return id === query.deployment
  return 'user' in query && (proposedBy.id === query.user || personOf(trigger) === query.user)
}

function personOf(trigger: Trigger): string | undefined {
  switch (trigger.type) {
    case 'git-push':
      return trigger.pusher
    case 'manual':
      return trigger.user
    case 'api':
      return trigger.client
    case 'pull-request':
    case 'system':
      return undefined
  }
}

function unknownIn(state: EnvironmentState, query: CauseQuery): Rejection | undefined {
  const { deployments } = state.deployments
  const { deployments: external } = state.externalDeployments
  if ('deployment' in query && !deployments.has(query.deployment) && !external.has(query.deployment)) {
    const near = closest(query.deployment, [...deployments.keys(), ...external.keys()])
    const details = { deployment: query.deployment, closest: near }
    return reject('deployment-not-found', `there is no deployment "${query.deployment}"${didYouMean(near)}`, details)
  }
  if ('request' in query && !state.changeRequests.requests.has(query.request)) {
    return reject('change-not-found', `there is no change request "${query.request}"`, { request: query.request })
  }
  return undefined
}
