import type { Actor } from '../access/actor.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { Properties } from '../json.ts'
import type { Cause } from './cause.ts'
import type { EdgeKind } from './edge-kinds.ts'
import type { EdgeId, NodeId } from './ids.ts'
import type { NodeProperties } from './kind-properties.ts'
import type { Moment } from './moment.ts'
import { ownershipAt } from './versions.ts'
import type { EdgeHistory, EdgeVersion, NodeHistory, NodeVersion, Ownership } from './versions.ts'

/**
 * Since when something is so in the world (ISO 8601): from `from` on, at the latest. Where the moment is not known exactly, `certain` is
 * false and `between` says within which bounds it lies; `after` is left out where nothing tells.
 *
 * In a view of the world at one moment (`effectiveAt`), `certain` is about that moment: false where a change that lies `between` these
 * bounds may have happened by then, or not. `to` is when the next change that is known came.
 */
export type Effective = {
  readonly from: string
  readonly to?: string
  readonly certain: boolean
  readonly between?: { readonly after?: string; readonly before: string }
}

/** A node as it is at the version, or the moment, that a view is pinned to. */
export type GraphNode<K extends string = string> = {
  readonly id: NodeId
  readonly kind: K
  /** Of this node: 1 for its first. */
  readonly version: number
  readonly incarnation: number
  readonly properties: NodeProperties<K>
  readonly ownership: Ownership
  readonly ref?: ProviderRef
  /** The graph version that this node version came with. */
  readonly graphVersion: number
  readonly recordedAt: string
  readonly cause: Cause
  readonly actor: Actor
  readonly effective: Effective
  /** When a provider was last asked about it (ISO 8601), whatever the view is pinned to; `never` if it was not (DRIFT 19). */
  readonly lastObservedAt: string
}

/** An edge as it is at the version, or the moment, that a view is pinned to. */
export type GraphEdge = {
  readonly id: EdgeId
  readonly kind: EdgeKind
  readonly from: NodeId
  readonly to: NodeId
  readonly version: number
  readonly attributes: Properties
  readonly graphVersion: number
  readonly recordedAt: string
  readonly cause: Cause
  readonly actor: Actor
  readonly effective: Effective
}

/** Tells when a node was last observed, or `never`. */
export type LastObserved = (node: NodeId) => string

/** Puts together what a view pinned to graph version `at` answers for a node. */
export function graphNode(
  history: NodeHistory,
  version: NodeVersion,
  effective: Effective,
  lastObserved: LastObserved,
  at: number,
): GraphNode {
  return {
    id: history.id,
    kind: history.kind,
    version: version.version,
    incarnation: version.incarnation,
    properties: version.properties,
    ownership: ownershipAt(history, at),
    ...(version.ref === undefined ? {} : { ref: version.ref }),
    graphVersion: version.graphVersion,
    recordedAt: version.recordedAt,
    cause: version.cause,
    actor: version.actor,
    effective,
    // Looked up when it is asked for: most readers of a graph never do.
    get lastObservedAt() {
      return lastObserved(history.id)
    },
  }
}

/** Puts together what a view answers for an edge. */
export function graphEdge(history: EdgeHistory, version: EdgeVersion, effective: Effective): GraphEdge {
  const { id, kind, from, to } = history
  const { graphVersion, recordedAt, cause, actor, attributes } = version
  return { id, kind, from, to, version: version.version, attributes, graphVersion, recordedAt, cause, actor, effective }
}

/** Since when something is so, by the moment that its change took effect. */
export function effectiveSince({ after, before }: Moment): Effective {
  if (after === before) return { from: before, certain: true }
  return { from: before, certain: false, between: between({ after, before }) }
}

/** The bounds of a moment, without the lower one where nothing tells. */
export function between({ after, before }: Moment): { readonly after?: string; readonly before: string } {
  return after === undefined ? { before } : { after, before }
}
