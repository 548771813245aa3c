import type { DomainEvent } from '../environment/catalogue.ts'
import type { EdgeId, NodeId } from './ids.ts'
import { newestVersion } from './state.ts'
import type { GraphSlice } from './state.ts'

/** What checks need of a node's newest version. */
export type PendingNode = { readonly version: number; readonly incarnation: number; readonly retired: boolean }

/** What checks need of an edge's newest version. */
export type PendingEdge = {
  readonly id: EdgeId
  readonly from: NodeId
  readonly to: NodeId
  readonly version: number
  readonly retired: boolean
}

/** The graph as it would be after an append, laid over the graph as it is: costs what the append changes. */
export interface PendingGraph {
  node(id: NodeId): PendingNode | undefined
  edge(id: EdgeId): PendingEdge | undefined
  isAlive(id: NodeId): boolean
  /** Notes a change of a node; refuses to go on where its numbers do not follow (GRAPH 1, 6). */
  addNode(event: DomainEvent<'NodeVersionRecorded' | 'NodeRetired'>): void
  /** Notes a change of an edge; refuses to go on where its number does not follow (GRAPH 1). */
  addEdge(event: DomainEvent<'EdgeVersionRecorded' | 'EdgeRetired'>): void
  /** Living edges that end at a node, either way. */
  edgesOf(id: NodeId): readonly PendingEdge[]
  /** Where the living edges of a node lead. */
  targets(id: NodeId): readonly NodeId[]
  /** Whether a living edge leads to a node. */
  isNeeded(id: NodeId): boolean
  /** Nodes that the append retires for good. */
  retired(): readonly NodeId[]
  /** Living edges that the append creates, brings back or changes. */
  recordedEdges(): readonly PendingEdge[]
}

/** Lays an append over a graph. */
export function pendingGraph(graph: GraphSlice): PendingGraph {
  const nodes = new Map<NodeId, PendingNode>()
  const edges = new Map<EdgeId, PendingEdge>()
  const fresh = { outgoing: new Map<NodeId, EdgeId[]>(), incoming: new Map<NodeId, EdgeId[]>() }

  function node(id: NodeId): PendingNode | undefined {
    const pending = nodes.get(id)
    if (pending !== undefined) return pending
    const version = newestVersion(graph, id)
    return version === undefined
      ? undefined
      : { version: version.version, incarnation: version.incarnation, retired: version.retired !== undefined }
  }

  function edge(id: EdgeId): PendingEdge | undefined {
    const pending = edges.get(id)
    if (pending !== undefined) return pending
    const history = graph.edges.get(id)
    const version = history?.versions.at(-1)
    return history === undefined || version === undefined
      ? undefined
      : { id, from: history.from, to: history.to, version: version.version, retired: version.retired }
  }

  const living = (ids: readonly EdgeId[] | undefined): PendingEdge[] => {
    const found: PendingEdge[] = []
    for (const id of ids ?? []) {
      const candidate = edge(id)
      if (candidate !== undefined && !candidate.retired) found.push(candidate)
    }
    return found
  }
  const isOneAlive = (ids: readonly EdgeId[] | undefined): boolean =>
    ids?.some((id) => edge(id)?.retired === false) === true
  const outgoing = (id: NodeId): PendingEdge[] => [...living(graph.outgoing.get(id)), ...living(fresh.outgoing.get(id))]

  return {
    node,
    edge,
    isAlive: (id) => node(id)?.retired === false,
    addNode: (event) => void nodes.set(event.data.node, followingNode(node(event.data.node), event)),
    addEdge(event) {
      const before = edge(event.data.edge)
      const next = followingEdge(before, event)
      edges.set(next.id, next)
      if (before !== undefined) return
      remember(fresh.outgoing, next.from, next.id)
      remember(fresh.incoming, next.to, next.id)
    },
    edgesOf: (id) => [...outgoing(id), ...living(graph.incoming.get(id)), ...living(fresh.incoming.get(id))],
    targets: (id) => outgoing(id).map(({ to }) => to),
    isNeeded: (id) => [graph.incoming, fresh.incoming].some((edges) => isOneAlive(edges.get(id))),
    retired: () => [...nodes].flatMap(([id, { retired }]) => (retired ? [id] : [])),
    recordedEdges: () => [...edges.values()].filter(({ retired }) => !retired),
  }
}

function followingNode(
  before: PendingNode | undefined,
  { type, data }: DomainEvent<'NodeVersionRecorded' | 'NodeRetired'>,
): PendingNode {
  const retired = type === 'NodeRetired'
  const incarnation = (before?.incarnation ?? 1) + (before?.retired === true && !retired ? 1 : 0)
  if (data.version !== (before?.version ?? 0) + 1 || data.incarnation !== incarnation) {
    throw new Error(
      `${data.node}: version ${data.version} of incarnation ${data.incarnation} does not follow ` +
        `version ${before?.version ?? 0} of ${before?.incarnation ?? 'none'}`,
    )
  }
  if (retired && before?.retired !== false) throw new Error(`${data.node} is retired without being there`)
  return { version: data.version, incarnation, retired }
}

function followingEdge(
  before: PendingEdge | undefined,
  { type, data }: DomainEvent<'EdgeVersionRecorded' | 'EdgeRetired'>,
): PendingEdge {
  const { edge: id, version } = data
  if (version !== (before?.version ?? 0) + 1) {
    throw new Error(`${id}: version ${version} does not follow version ${before?.version ?? 0}`)
  }
  if (type === 'EdgeVersionRecorded') return { id, from: data.from, to: data.to, version, retired: false }
  if (before?.retired !== false) throw new Error(`${id} is retired without being there`)
  return { ...before, version, retired: true }
}

function remember(index: Map<NodeId, EdgeId[]>, node: NodeId, edge: EdgeId): void {
  const list = index.get(node)
  if (list === undefined) index.set(node, [edge])
  else list.push(edge)
}
