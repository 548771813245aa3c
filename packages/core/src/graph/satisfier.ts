import { kindOf } from './ids.ts'
import type { NodeId } from './ids.ts'
import { edgeAlive } from './state.ts'
import type { GraphSlice } from './state.ts'

/** The resource that a need's `satisfied-by` edge points at, if it has one. */
export function satisfierOf(graph: GraphSlice, need: NodeId): NodeId | undefined {
  for (const id of graph.outgoing.get(need) ?? []) {
    const edge = graph.edges.get(id)
    if (edge?.kind === 'satisfied-by' && edgeAlive(edge)) return edge.to
  }
  return undefined
}

/** The node that holds a need's own properties: what a person bound it to, where that is of its kind, else itself. */
export function resourceOf(graph: GraphSlice, need: NodeId): NodeId {
  const bound = satisfierOf(graph, need)
  return bound !== undefined && kindOf(bound) === kindOf(need) ? bound : need
}
