import type { DriftRule } from '../../../environment/policies.ts'
import { kindOf } from '../../../graph/ids.ts'
import type { NodeId } from '../../../graph/ids.ts'
import type { Facts } from './facts.fixture.ts'
import { definitionOf } from './values.fixture.ts'

/** The first rule of a policy that speaks of a property now. */
export function ruleOn(
  { policies, now }: Pick<Facts, 'policies' | 'now'>,
  node: NodeId,
  property: string,
): DriftRule | undefined {
  return policies.drift.find(({ kind, property: meant = '*', decision, until }) => {
    if (kind !== undefined && kind !== kindOf(node)) return false
    if (decision === 'ignore' && until !== undefined && Date.parse(until) <= Date.parse(now)) return false
    if (meant.endsWith('*')) return property.startsWith(meant.slice(0, -1))
    return property === meant || property.startsWith(`${meant}["`)
  })
}

/** Whether drift on a property is reverted: the policy says so, or says nothing and the kind does. */
export function isEnforcedBy(facts: Facts, node: NodeId, property: string): boolean {
  const rule = ruleOn(facts, node, property)
  return rule === undefined ? definitionOf(facts, node, property)?.owner === 'enforced' : rule.decision === 'enforce'
}
