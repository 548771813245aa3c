import type { EdgeId, NodeId } from './ids.ts'
import type { GraphEdge, GraphNode } from './node.ts'
import type { GraphSlice } from './state.ts'

/** How a view looks nodes and edges up: what differs between a view of a version and one of a moment. */
export interface GraphReader {
  readonly graph: GraphSlice
  /** Whether a node is there, cheaper than reading it. */
  has(id: NodeId): boolean
  /** Undefined where it is not there. */
  node(id: NodeId): GraphNode | undefined
  /** Undefined where it, or one of its ends, is not there. */
  edge(id: EdgeId): GraphEdge | undefined
}
