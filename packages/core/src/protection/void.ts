import { usedNodes } from '../application/usage.ts'
import type { Model } from '../application/state.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
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
