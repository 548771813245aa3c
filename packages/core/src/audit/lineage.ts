import type { Actor } from '../access/actor.ts'
import type { Authorization } from '../access/authorization.ts'
import type { ChangeRequest } from '../change-requests/state.ts'
import type { Deployment, DeploymentStatus } from '../deployments/deployment.ts'
import { detectionKey } from '../drift/state.ts'
import type { OpenDifference } from '../drift/state.ts'
import type { EventData } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { Cause } from '../graph/cause.ts'
import type { NodeId } from '../graph/ids.ts'
import type { ImportRecord } from '../graph/imports.ts'
import { externalLineage } from './external-lineage.ts'
import type { ExternalDeploymentLineage } from './external-lineage.ts'
import { attributionOf } from '../graph/moment.ts'
import type { Effective } from '../graph/node.ts'
import type { NodeHistory, NodeVersion } from '../graph/versions.ts'
import type { JsonValue } from '../json.ts'

/** The deployment behind a version. */
export type DeploymentLineage = {
  readonly id: string
  readonly status: DeploymentStatus
  readonly trigger: Deployment['trigger']
  readonly triggeredBy: Actor
  readonly triggeredAuthorization?: Authorization
  readonly commit: string
  readonly runtime?: NonNullable<Deployment['runtime']>
  readonly step?: string
  readonly approvals: Deployment['approvals']
}

/** A change request behind a version. */
export type RequestLineage = {
  readonly id: string
  readonly requester: Actor
  readonly authorization?: Authorization
  readonly reason: string
  readonly requestedAt: string
  readonly status: ChangeRequest['status']
}

/** Who changed it in the world: named by the activity log, not to be known, or not read yet. */
export type Attribution = 'unknown' | 'pending' | Exclude<EventData<'DriftAttributed'>['principal'], 'unknown'>

/** The drift behind a version. */
export type DriftLineage = {
  readonly observation: string
  readonly lastSeenAt?: string
  readonly attribution: Attribution
  readonly activity?: NonNullable<EventData<'DriftAttributed'>['activity']>
}

/** The import behind a version. */
export type ImportLineage = Pick<ImportRecord, 'source' | 'lineage'> & {
  readonly id: string
  readonly effectiveAt?: string
  readonly authorization?: Authorization
}

/** What is not settled about a property, or about all properties of a node. */
export type OpenMatters = {
  /** Differences that stand: observed and not adopted. */
  readonly differences: readonly OpenDifference[]
  /** Requests that wait. */
  readonly requests: readonly (RequestLineage & { readonly properties: readonly string[] })[]
  /** Values that a provider accepted and put off. */
  readonly deferred: readonly {
    readonly property: string
    readonly value: JsonValue
    readonly deployment: string
    readonly until?: string
  }[]
}

/** Where a property, or a node, comes from: back to deployment, commit, change requests, requester, approver and trigger. */
export type Lineage = {
  readonly node: NodeId
  readonly property?: string
  /** Left out where the property is not there (any more). */
  readonly value?: JsonValue
  /** The value before; left out where there was none. */
  readonly previous?: JsonValue
  readonly version: number
  readonly incarnation: number
  /** Why the node is no more, where this version retired it. */
  readonly retired?: NonNullable<NodeVersion['retired']>
  readonly graphVersion: number
  readonly recordedAt: string
  readonly effective: Effective
  readonly cause: Cause
  readonly actor: Actor
  readonly deployment?: DeploymentLineage
  readonly requests: readonly RequestLineage[]
  readonly drift?: DriftLineage
  readonly import?: ImportLineage
  readonly externalDeployment?: ExternalDeploymentLineage
}

type Behind = Pick<Lineage, 'deployment' | 'requests' | 'drift' | 'import' | 'externalDeployment'>

/** What is behind a version, followed through the ledger. */
export function behind(
  state: EnvironmentState,
  history: NodeHistory,
  version: NodeVersion,
  property: string | undefined,
): Behind {
  const { cause } = version
  switch (cause.type) {
    case 'deployment': {
      const deployment = state.deployments.deployments.get(cause.deployment)
      const requests = cause.requests.flatMap((id) => requestLineage(state, id))
      return {
        ...(deployment === undefined ? {} : { deployment: deploymentLineage(deployment, cause.step) }),
        requests,
      }
    }
    case 'change-request':
      return {
        requests: requestLineage(state, cause.request),
        drift: driftLineage(state, history, version, property, cause),
      }
    case 'drift':
      return { requests: [], drift: driftLineage(state, history, version, property, cause) }
    case 'import':
      return { requests: [], ...importLineage(state, cause.import) }
    case 'external-deployment':
      return {
        requests: [],
        ...externalLineage(state, cause.deployment),
        ...(cause.import === undefined ? {} : importLineage(state, cause.import)),
      }
    case 'restore':
    case 'repair':
      return { requests: [] }
  }
}

/** What is open about a node, or one property of it. */
export function openMatters(state: EnvironmentState, node: NodeId, property: string | undefined): OpenMatters {
  const meant = ([key]: readonly [string, unknown]): boolean => property === undefined || key === property
  const waiting = Map.groupBy(
    [...(state.changeRequests.pending.get(node) ?? [])].filter(meant),
    ([, request]) => request,
  )
  return {
    differences: [...(state.drift.open.get(node) ?? [])].filter(meant).map(([, difference]) => difference),
    requests: [...waiting].map(([request, entries]) => ({
      ...requestOf(request),
      properties: entries.map(([key]) => key),
    })),
    deferred: [...(state.deployments.deferred.get(node) ?? [])]
      .filter(meant)
      .map(([key, { value, deployment, until }]) => ({
        property: key,
        value,
        deployment,
        ...(until === undefined ? {} : { until }),
      })),
  }
}

function deploymentLineage(deployment: Deployment, step: string | undefined): DeploymentLineage {
  const { id, status, trigger, triggeredBy, triggeredAuthorization, commit, runtime, approvals } = deployment
  return {
    id,
    status,
    trigger,
    triggeredBy,
    ...(triggeredAuthorization === undefined ? {} : { triggeredAuthorization }),
    commit,
    ...(runtime === undefined ? {} : { runtime }),
    ...(step === undefined ? {} : { step }),
    approvals,
  }
}

function requestLineage(state: EnvironmentState, id: string): RequestLineage[] {
  const request = state.changeRequests.requests.get(id)
  return request === undefined ? [] : [requestOf(request)]
}

function requestOf({ request, requester, authorization, reason, requestedAt, status }: ChangeRequest): RequestLineage {
  const allowed = authorization === undefined ? {} : { authorization }
  return { id: request, requester, ...allowed, reason, requestedAt, status }
}

function driftLineage(
  state: EnvironmentState,
  history: NodeHistory,
  version: NodeVersion,
  property: string | undefined,
  cause: { readonly observation: string; readonly lastSeenAt?: string | undefined },
): DriftLineage {
  const known = attributionOf(history, version, property ?? version.changed[0])
  const waiting = state.drift.unattributed.get(detectionKey(history.id, version.version, cause.observation))
  const isOpen = waiting?.properties.some((one) => property === undefined || one === property)
  return {
    observation: cause.observation,
    ...(cause.lastSeenAt === undefined ? {} : { lastSeenAt: cause.lastSeenAt }),
    attribution: known?.principal ?? (isOpen === true ? 'pending' : 'unknown'),
    ...(known?.activity === undefined ? {} : { activity: known.activity }),
  }
}

function importLineage(state: EnvironmentState, id: string): { readonly import?: ImportLineage } {
  const record = state.graph.imports.get(id)
  if (record === undefined) return {}
  const { source, lineage, effectiveAt, authorization } = record
  const known = {
    ...(effectiveAt === undefined ? {} : { effectiveAt }),
    ...(authorization === undefined ? {} : { authorization }),
  }
  return { import: { id, source, lineage, ...known } }
}
