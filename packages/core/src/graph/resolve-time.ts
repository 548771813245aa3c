import type { Deployment } from '../deployments/deployment.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import { answered } from './answer.ts'
import type { Answer } from './answer.ts'
import { closest } from './closest.ts'
import { didYouMean } from './kind-catalogue.ts'
import type { GraphSlice } from './state.ts'
import type { GraphVersion } from './versions.ts'

/**
 * A point in what the ledger knew: a graph version, a time (what was recorded by then), or a deployment (the graph as it left it; as
 * it is so far while it runs).
 */
export type PointInTime = number | Date | { readonly deployment: string }

/**
 * The graph version that a point in time means; the latest without one, 0 (the empty graph) before the first. Refuses with
 * `graph-version-not-found` or `deployment-not-found`.
 */
export function resolveTime(state: EnvironmentState, at?: PointInTime): Answer<number> {
  const { graph } = state
  if (at === undefined) return answered(graph.version)
  if (typeof at === 'number') return loaded(graph, at, String(at))
  if (at instanceof Date) {
    const time = at.getTime()
    return Number.isNaN(time) ? unknownVersion(graph, 'an invalid date') : versionByTime(graph, at.toISOString())
  }
  const deployment = state.deployments.deployments.get(at.deployment)
  if (deployment !== undefined) return versionOfDeployment(graph, deployment)
  const near = closest(at.deployment, state.deployments.deployments.keys())
  return {
    type: 'rejected',
    rejection: reject('deployment-not-found', `there is no deployment "${at.deployment}"${didYouMean(near)}`, {
      deployment: at.deployment,
      closest: near,
    }),
  }
}

/** The visible graph version of a number, where it is loaded. */
export function recordedVersion(graph: GraphSlice, version: number): GraphVersion | undefined {
  const first = graph.graphVersions[0]?.version ?? 0
  return version > graph.version ? undefined : graph.graphVersions[version - first]
}

function loaded(graph: GraphSlice, version: number, at: string): Answer<number> {
  if (!Number.isInteger(version) || version < 0 || version > graph.version) return unknownVersion(graph, at)
  return version === 0 || version >= graph.firstVersion ? answered(version) : { type: 'not-loaded' }
}

/** The last graph version recorded at or before a time (ISO 8601 as the ledger writes it): versions are in order of time, so it is found by halving. */
export function versionByTime(graph: GraphSlice, time: string): Answer<number> {
  const versions = graph.graphVersions
  // What is under construction comes last and is not visible.
  let [low, high] = [0, versions.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const candidate = versions[middle]
    if (candidate !== undefined && candidate.version <= graph.version && candidate.recordedAt <= time) low = middle + 1
    else high = middle
  }
  const found = versions[low - 1]
  if (found !== undefined) return answered(found.version)
  return graph.firstVersion > 1 ? { type: 'not-loaded' } : answered(0)
}

function versionOfDeployment(graph: GraphSlice, deployment: Deployment): Answer<number> {
  if (deployment.graphVersion !== undefined)
    return loaded(graph, deployment.graphVersion, `deployment ${deployment.id}`)
  return deployment.endedAt === undefined ? answered(graph.version) : versionByTime(graph, deployment.endedAt)
}

function unknownVersion(graph: GraphSlice, at: string): Answer<number> {
  const message = `there is no graph version ${at}; the latest is ${graph.version}`
  return { type: 'rejected', rejection: reject('graph-version-not-found', message, { at, latest: graph.version }) }
}
