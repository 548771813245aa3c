import { recordedVersion } from '../graph/resolve-time.ts'
import type { GraphSlice } from '../graph/state.ts'
import { indexAt } from '../graph/versions.ts'
import type { CausedVersion } from './caused-by.ts'

/** All versions of the graph in the order in which they became visible, and where those of each cause are. */
export type CauseIndex = {
  readonly versions: readonly CausedVersion[]
  readonly byDeployment: ReadonlyMap<string, readonly number[]>
  readonly byRequest: ReadonlyMap<string, readonly number[]>
  readonly byActor: ReadonlyMap<string, readonly number[]>
}

type Growing = {
  upTo: number
  readonly versions: CausedVersion[]
  readonly byDeployment: Map<string, number[]>
  readonly byRequest: Map<string, number[]>
  readonly byActor: Map<string, number[]>
}

const indexes = new WeakMap<GraphSlice, Growing>()

/** The index of a graph's causes: made when first asked for, then extended by the graph versions that came since. */
export function causeIndex(graph: GraphSlice): CauseIndex {
  const index: Growing = indexes.get(graph) ?? {
    upTo: 0,
    versions: [],
    byDeployment: new Map(),
    byRequest: new Map(),
    byActor: new Map(),
  }
  indexes.set(graph, index)
  while (index.upTo < graph.version) {
    index.upTo++
    for (const version of versionsOf(graph, index.upTo)) addVersion(index, version)
  }
  return index
}

/** What one graph version recorded. */
function versionsOf(graph: GraphSlice, graphVersion: number): CausedVersion[] {
  const found: CausedVersion[] = []
  const touched = recordedVersion(graph, graphVersion)
  for (const node of new Set(touched?.nodes)) {
    for (const version of versionsAt(graph.nodes.get(node)?.versions ?? [], graphVersion)) {
      const { cause, actor, recordedAt, changed, retired } = version
      found.push({
        node,
        version: version.version,
        graphVersion,
        recordedAt,
        changed,
        retired: retired !== undefined,
        cause,
        actor,
      })
    }
  }
  for (const edge of new Set(touched?.edges)) {
    for (const version of versionsAt(graph.edges.get(edge)?.versions ?? [], graphVersion)) {
      const { cause, actor, recordedAt, retired } = version
      found.push({ edge, version: version.version, graphVersion, recordedAt, changed: [], retired, cause, actor })
    }
  }
  return found
}

/** The versions that came with one graph version, oldest first. */
function versionsAt<V extends { readonly graphVersion: number }>(
  versions: readonly V[],
  graphVersion: number,
): readonly V[] {
  return versions.slice(indexAt(versions, graphVersion - 1) + 1, indexAt(versions, graphVersion) + 1)
}

function addVersion(index: Growing, version: CausedVersion): void {
  const place = index.versions.push(version) - 1
  const { cause, actor } = version
  add(index.byActor, actor.id, place)
  if (cause.type === 'external-deployment') add(index.byDeployment, cause.deployment, place)
  else if (cause.type === 'deployment') {
    add(index.byDeployment, cause.deployment, place)
    for (const request of cause.requests) add(index.byRequest, request, place)
  } else if (cause.type === 'change-request') add(index.byRequest, cause.request, place)
}

function add(places: Map<string, number[]>, key: string, place: number): void {
  const list = places.get(key)
  if (list === undefined) places.set(key, [place])
  else list.push(place)
}
