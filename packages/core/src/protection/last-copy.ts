import type { CommandContext } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion, edgeAlive } from '../graph/state.ts'

/** What a removal is judged with besides the state. */
export type RemovalContext = Pick<CommandContext, 'kinds' | 'capabilities'> & {
  /** Whether the whole environment goes; left out, what the state says. */
  readonly destroying?: boolean
}

/** Whether nothing is left at the provider that a call could remove: no provider knows the node, or it says that its data is gone. */
export function isNotAtProvider(state: EnvironmentState, node: NodeId, { kinds }: RemovalContext): boolean {
  if (aliveVersion(state.graph, node)?.ref === undefined) return true
  return state.drift.missing.has(node) && kinds.orUnknown(kindOf(node)).statefulness === 'stateful'
}

/**
 * Of which resource the final snapshot of a node is taken: of its own, or, where the provider has none of its kind (a database), of
 * the one that it lives on. Undefined where none can be taken.
 */
export function snapshotSource(state: EnvironmentState, node: NodeId, context: RemovalContext): NodeId | undefined {
  if (hasSnapshots(state, node, context)) return node
  for (const id of state.graph.outgoing.get(node) ?? []) {
    const edge = state.graph.edges.get(id)
    if (edge?.kind === 'satisfied-by' && edgeAlive(edge) && hasSnapshots(state, edge.to, context)) return edge.to
  }
  return undefined
}

function hasSnapshots(state: EnvironmentState, node: NodeId, context: RemovalContext): boolean {
  const ref = aliveVersion(state.graph, node)?.ref
  if (ref === undefined || isNotAtProvider(state, node, context)) return false
  return context.capabilities(ref.provider, kindOf(node))?.lastCopy === 'final-snapshot'
}
