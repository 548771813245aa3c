import { usedNodes } from '../application/usage.ts'
import type { Model } from '../application/state.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion } from '../graph/state.ts'

/**
 * The confirmations that no longer hold once a model is deployed (PROTECT 2): of nodes that it uses again, also when it is an older
 * commit, and of nodes that are another incarnation now. For the append that triggers the deployment.
 */
export function voidedByModel(
  state: EnvironmentState,
  model: Model,
): readonly DomainEvent<'DeletionConfirmationVoided'>[] {
  const { confirmations } = state.protection
  if (confirmations.size === 0) return []
  const used = usedNodes(state, model)
  return [...confirmations.values()].flatMap(({ node, incarnation }) => {
    const isAnother = aliveVersion(state.graph, node)?.incarnation !== incarnation
    if (!isAnother && !used.has(node)) return []
    const reason = isAnother ? 'incarnation-changed' : 'used-again'
    return [{ type: 'DeletionConfirmationVoided', data: { node, reason } }]
  })
}

/**
 * The event that voids a node's confirmation, where it has one, for the append that changes what it was given for: the resource is used again
 * or pointed elsewhere (`bind`), or its data is of another epoch (a restore in place). What retires the node voids it by itself.
 */
export function voidedConfirmation(
  { protection }: EnvironmentState,
  node: NodeId,
  reason: DomainEvent<'DeletionConfirmationVoided'>['data']['reason'],
): readonly DomainEvent<'DeletionConfirmationVoided'>[] {
  return protection.confirmations.has(node) ? [{ type: 'DeletionConfirmationVoided', data: { node, reason } }] : []
}
