import type { Actor } from '../access/actor.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { EventData } from '../environment/catalogue.ts'
import type { Properties } from '../json.ts'
import type { Cause } from './cause.ts'
import type { EdgeKind } from './edge-kinds.ts'
import type { EdgeId, NodeId } from './ids.ts'

/** One atomic change of an environment's graph: what changed with it, when it was recorded, and by whom. */
export type GraphVersion = {
  readonly version: number
  /** When it became visible: for an import, when that was completed. */
  readonly recordedAt: string
  /** Of its first event. */
  readonly revision: number
  readonly actor: Actor
  readonly cause: Cause
  readonly nodes: readonly NodeId[]
  readonly edges: readonly EdgeId[]
}

/** A graph version while its append, or its import, is being folded. */
export type MutableGraphVersion = Omit<GraphVersion, 'nodes' | 'edges' | 'recordedAt'> & {
  recordedAt: string
  nodes: NodeId[]
  edges: EdgeId[]
}

/** Where an import found a node, and which lineage may retire it. */
export type Origin = { readonly lineage: string; readonly address: string }

/** Whether plans may write a node (OWN 1). */
export type Ownership = 'managed' | 'observed'

/** Who brought about a change that was found in the world, and when, as the provider's activity log tells. */
export type Attribution = Readonly<EventData<'DriftAttributed'>> & {
  /** Revision of the event that told it. */
  readonly revision: number
}

/** An immutable value of a node. */
export type NodeVersion = {
  readonly version: number
  readonly incarnation: number
  readonly graphVersion: number
  readonly recordedAt: string
  readonly effectiveAt: string | undefined
  readonly revision: number
  readonly actor: Actor
  readonly cause: Cause
  /** All properties as of this version. */
  readonly properties: Properties
  /** Keys that this version set or unset. */
  readonly changed: readonly string[]
  readonly ref: ProviderRef | undefined
  /** Set on the last version of an incarnation: why the node is no more. */
  readonly retired: 'removed' | 'vanished' | 'no-longer-imported' | 'replaced' | undefined
}

/** All that is known of one node. `versions` are in order; the first `skipped` ones are not loaded (they lie before a snapshot). */
export type NodeHistory = {
  readonly id: NodeId
  readonly kind: string
  /** A list of this node, shared by the graph versions that touch nothing else: most do. Never changed. */
  readonly alone: NodeId[]
  readonly versions: NodeVersion[]
  skipped: number
  /** What its ownership was from which graph version on, in order; observed before the first entry. */
  readonly ownerships: { readonly graphVersion: number; readonly ownership: Ownership }[]
  /** Who is behind changes that were found, in the order in which it became known. */
  readonly attributions: Attribution[]
  origin: Origin | undefined
  /** The properties that imports gave this incarnation: what the next state of the same lineage is compared with. */
  imported: Properties | undefined
}

export type EdgeVersion = {
  readonly version: number
  readonly graphVersion: number
  readonly recordedAt: string
  readonly effectiveAt: string | undefined
  readonly actor: Actor
  readonly cause: Cause
  readonly attributes: Properties
  readonly retired: boolean
}

export type EdgeHistory = {
  readonly id: EdgeId
  readonly kind: EdgeKind
  readonly from: NodeId
  readonly to: NodeId
  readonly versions: EdgeVersion[]
  skipped: number
  lineage: string | undefined
}

/** What a node's ownership was at a graph version. */
export function ownershipAt(history: NodeHistory, graphVersion: number): Ownership {
  return versionAt(history.ownerships, graphVersion)?.ownership ?? 'observed'
}

/** The newest version at or before a graph version, by binary search; undefined where there was none yet. */
export function versionAt<V extends { readonly graphVersion: number }>(
  versions: readonly V[],
  graphVersion: number,
): V | undefined {
  return versions[indexAt(versions, graphVersion)]
}

/** The index of the newest version at or before a graph version; -1 where there was none yet. */
export function indexAt(versions: readonly { readonly graphVersion: number }[], graphVersion: number): number {
  let [low, high] = [0, versions.length]
  if ((versions[high - 1]?.graphVersion ?? Infinity) <= graphVersion) return high - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((versions[middle]?.graphVersion ?? Infinity) <= graphVersion) low = middle + 1
    else high = middle
  }
  return low - 1
}
