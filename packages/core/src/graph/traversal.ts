import type { EdgeKind } from './edge-kinds.ts'
import type { NodeId } from './ids.ts'
import type { GraphNode } from './node.ts'
import type { GraphReader } from './reader.ts'

/** How far to follow edges, and which. */
export type TraversalOptions = {
  /** Also what is reached over other nodes. Default: direct neighbours only. */
  readonly transitive?: boolean
  /** Default: edges of all kinds. */
  readonly kinds?: readonly EdgeKind[]
}

/** A node that would be touched if another went away, with the way from that one. */
export type ImpactedNode = {
  readonly node: GraphNode
  /** Number of edges between them; 1 for direct dependents. */
  readonly distance: number
  /** Kinds of the edges on a shortest path, beginning at the node that would go. */
  readonly path: readonly EdgeKind[]
}

/** `dependents`: against the edges' direction, what needs a node. `dependencies`: along it, what a node needs. */
export type Direction = 'dependents' | 'dependencies'

/** The nodes reached from one, nearest first; each once, itself left out. */
export function reached(
  reader: GraphReader,
  start: NodeId,
  direction: Direction,
  options: TraversalOptions = {},
): readonly GraphNode[] {
  return walk(reader, start, direction, options).map(({ node }) => node)
}

/** Everything that would be touched if a node went away, in order of distance. */
export function impactOf(reader: GraphReader, start: NodeId): readonly ImpactedNode[] {
  return walk(reader, start, 'dependents', { transitive: true })
}

function walk(
  reader: GraphReader,
  start: NodeId,
  direction: Direction,
  { transitive = false, kinds }: TraversalOptions,
): ImpactedNode[] {
  const found: ImpactedNode[] = []
  if (!reader.has(start)) return found
  const seen = new Set([start])
  const queue: { readonly id: NodeId; readonly path: readonly EdgeKind[] }[] = [{ id: start, path: [] }]
  for (const { id, path } of queue) {
    if (!transitive && path.length > 0) break
    for (const { kind, neighbour } of neighbours(reader, id, direction)) {
      if (seen.has(neighbour) || kinds?.includes(kind) === false) continue
      const node = reader.node(neighbour)
      if (node === undefined) continue
      seen.add(neighbour)
      const step = { id: neighbour, path: [...path, kind] }
      queue.push(step)
      found.push({ node, distance: step.path.length, path: step.path })
    }
  }
  return found
}

function* neighbours(
  reader: GraphReader,
  id: NodeId,
  direction: Direction,
): Generator<{ readonly kind: EdgeKind; readonly neighbour: NodeId }> {
  const list = direction === 'dependents' ? reader.graph.incoming.get(id) : reader.graph.outgoing.get(id)
  for (const edgeId of list ?? []) {
    const edge = reader.edge(edgeId)
    if (edge !== undefined) yield { kind: edge.kind, neighbour: direction === 'dependents' ? edge.from : edge.to }
  }
}
