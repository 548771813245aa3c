import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion, isManaged } from '../graph/state.ts'
import type { Ownership } from '../graph/versions.ts'

/** Something at a provider that stays there when its environment goes. */
export type LeftBehind = {
  readonly node: NodeId
  readonly ref: ProviderRef
  /** Whether we made it or were given it, or only saw it. */
  readonly ownership: Ownership
}

/** What of an environment is at a provider, as far as the ledger knows. */
export function atProviders(state: EnvironmentState): readonly LeftBehind[] {
  const { graph, drift } = state
  return [...graph.nodes.keys()].flatMap((node) => {
    const ref = aliveVersion(graph, node)?.ref
    if (ref === undefined || drift.missing.has(node)) return []
    return [{ node, ref, ownership: isManaged(graph, node) ? 'managed' : 'observed' }]
  })
}
