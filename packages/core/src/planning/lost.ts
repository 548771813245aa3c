import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { isManaged } from '../graph/state.ts'
import type { PlanDraft } from './draft.ts'
import { isOrphaned, isTold } from './needs.ts'

/**
 * Whether a resource of ours is made again (DRIFT 9): it is gone at the provider, or what it was bound to is no more, and it holds no
 * data, or somebody said that it is to be created.
 */
export function isLost(draft: PlanDraft, node: NodeId): boolean {
  const { graph, drift } = draft.state
  const orphaned = isOrphaned(draft.state, node)
  if (!(orphaned || drift.missing.has(node)) || !isManaged(graph, node)) return false
  return isStateless(draft, node) || (orphaned && isTold(draft, node))
}

/** A resource that is gone at the provider with its data: nothing makes it again by itself, and there is nothing to write to. */
export function isLostForGood(draft: PlanDraft, node: NodeId): boolean {
  return draft.state.drift.missing.has(node) && !isStateless(draft, node)
}

function isStateless({ context }: PlanDraft, node: NodeId): boolean {
  return context.kinds.orUnknown(kindOf(node)).statefulness === 'stateless'
}
