import type { EdgeKind } from './edge-kinds.ts'
import type { EdgeId, NodeId } from './ids.ts'
import type { NodeIdOf } from './kind-properties.ts'
import { momentOf, attributedMoment } from './moment.ts'
import { effectiveSince, graphEdge, graphNode } from './node.ts'
import type { GraphEdge, GraphNode, LastObserved } from './node.ts'
import type { GraphReader } from './reader.ts'
import { recordedVersion } from './resolve-time.ts'
import type { GraphSlice } from './state.ts'
import { impactOf, reached } from './traversal.ts'
import type { ImpactedNode, TraversalOptions } from './traversal.ts'
import { versionAt } from './versions.ts'
import type { NodeVersion, Ownership } from './versions.ts'

/** Which nodes to list; all conditions must hold. */
export type NodeFilter<K extends string = string> = {
  readonly kind?: K
  readonly ownership?: Ownership
  /** `provider` of the node's ref: `aws`, `gcp`… */
  readonly provider?: string
}

/** Which edges to list; all conditions must hold. */
export type EdgeFilter = { readonly kind?: EdgeKind; readonly from?: NodeId; readonly to?: NodeId }

/**
 * The graph of one environment at one version, or as it was in the world at one moment. Read-only; it stays true while the ledger
 * goes on. Making one costs nothing; a look-up costs the logarithm of a node's versions.
 *
 * @example
 * const now = await prod.graph()
 * now.node('sql-instance/main')?.properties['backup.retentionDays']   // number | undefined
 * now.dependents('sql-database/orders').map(({ id }) => id)           // ['service/checkout']
 */
export interface GraphView {
  /** The graph version; 0 is the empty graph. */
  readonly version: number
  /** When that version was recorded (ISO 8601); undefined for version 0, the empty graph. */
  readonly recordedAt: string | undefined
  /** The moment asked about (ISO 8601), on views of the world. */
  readonly effectiveAt?: string
  /** Counted when first asked for. */
  readonly size: { readonly nodes: number; readonly edges: number }
  /** Undefined where no such node is there; its properties are typed where its kind is known. */
  node<K extends string>(id: NodeIdOf<K>): GraphNode<K> | undefined
  /** Living nodes, all or those that match; typed where one kind is asked for. */
  nodes<K extends string = string>(filter?: NodeFilter<K>): readonly GraphNode<K>[]
  /** Living edges, all or those that match. */
  edges(filter?: EdgeFilter): readonly GraphEdge[]
  /** What needs this node, nearest first. */
  dependents(id: NodeId, options?: TraversalOptions): readonly GraphNode[]
  /** What this node needs, nearest first. */
  dependencies(id: NodeId, options?: TraversalOptions): readonly GraphNode[]
  /** All that would be touched if this node went away, in order of distance. */
  impact(id: NodeId): readonly ImpactedNode[]
  /** The whole graph as plain data. */
  toJSON(): GraphJson
}

/** A whole graph as data. */
export type GraphJson = {
  readonly version: number
  readonly recordedAt?: string
  readonly effectiveAt?: string
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

/** What a view is pinned to. */
export type GraphViewOptions = { readonly at: number; readonly lastObserved: LastObserved }

/** Whether the graph at a version can be answered; false for what lies before the snapshot that the state was loaded from. */
export function isLoaded(state: { readonly graph: GraphSlice }, version: number): boolean {
  return version === 0 || version >= state.graph.firstVersion
}

/** The graph at a version that is known to exist and to be loaded; `resolveTime` answers which one a caller means. */
export function graphView(state: { readonly graph: GraphSlice }, { at, lastObserved }: GraphViewOptions): GraphView {
  const { graph } = state
  if (at > graph.version || !isLoaded(state, at))
    throw new Error(`Graph version ${at} is not loaded: it is between ${graph.firstVersion} and ${graph.version}`)
  const living = (id: NodeId): NodeVersion | undefined => {
    const version = versionAt(graph.nodes.get(id)?.versions ?? [], at)
    return version?.retired === undefined ? version : undefined
  }
  const knownAt = graph.lastAttribution
  const reader: GraphReader = {
    graph,
    has: (id) => living(id) !== undefined,
    node(id) {
      const [history, version] = [graph.nodes.get(id), living(id)]
      if (history === undefined || version === undefined) return undefined
      return graphNode(
        history,
        version,
        effectiveSince(attributedMoment(graph, history, version, undefined, knownAt)),
        lastObserved,
        at,
      )
    },
    edge(id) {
      const history = graph.edges.get(id)
      const version = history === undefined ? undefined : versionAt(history.versions, at)
      if (history === undefined || version === undefined || version.retired) return undefined
      return graphEdge(history, version, effectiveSince(momentOf(graph, version)))
    },
  }
  return viewOf(reader, { version: at, recordedAt: recordedVersion(graph, at)?.recordedAt })
}

/** The questions of a view, answered over look-ups. */
export function viewOf(
  reader: GraphReader,
  pin: { readonly version: number; readonly recordedAt: string | undefined; readonly effectiveAt?: string },
): GraphView {
  const { graph } = reader
  let size: GraphView['size'] | undefined
  const view: GraphView = {
    ...pin,
    get size() {
      size ??= {
        nodes: countOf(graph.nodes.keys(), (id) => reader.has(id)),
        edges: countOf(graph.edges.keys(), (id) => reader.edge(id) !== undefined),
      }
      return size
    },
    // A node's kind is the first half of its id, and its properties were checked against that kind when they were recorded (GRAPH 8).
    node: <K extends string>(id: NodeIdOf<K>) => reader.node(id) as GraphNode<K> | undefined,
    nodes: <K extends string>(filter: NodeFilter<K> = {}) => nodesOf(reader, filter) as GraphNode<K>[],
    edges: (filter = {}) => edgesOf(reader, filter),
    dependents: (id, options) => reached(reader, id, 'dependents', options),
    dependencies: (id, options) => reached(reader, id, 'dependencies', options),
    impact: (id) => impactOf(reader, id),
    toJSON() {
      const { recordedAt, ...rest } = pin
      return { ...rest, ...(recordedAt === undefined ? {} : { recordedAt }), nodes: view.nodes(), edges: view.edges() }
    },
  }
  return view
}

function nodesOf(reader: GraphReader, { kind, ownership, provider }: NodeFilter): GraphNode[] {
  const found: GraphNode[] = []
  for (const history of reader.graph.nodes.values()) {
    if (kind !== undefined && history.kind !== kind) continue
    const node = reader.node(history.id)
    if (node === undefined || (ownership !== undefined && node.ownership !== ownership)) continue
    if (provider === undefined || node.ref?.provider === provider) found.push(node)
  }
  return found
}

function edgesOf(reader: GraphReader, { kind, from, to }: EdgeFilter): GraphEdge[] {
  const { graph } = reader
  const candidates =
    from !== undefined
      ? (graph.outgoing.get(from) ?? [])
      : to !== undefined
        ? (graph.incoming.get(to) ?? [])
        : graph.edges.keys()
  const found: GraphEdge[] = []
  for (const id of candidates) {
    const edge = reader.edge(id)
    if (edge === undefined || (kind !== undefined && edge.kind !== kind) || (to !== undefined && edge.to !== to))
      continue
    found.push(edge)
  }
  return found
}

function countOf<Id extends NodeId | EdgeId>(ids: Iterable<Id>, isThere: (id: Id) => boolean): number {
  let count = 0
  for (const id of ids) if (isThere(id)) count++
  return count
}
