import type { DriftRule } from '../environment/policies.ts'
import { mapOfKey } from '../graph/kind-catalogue.ts'

/**
 * The rule of an environment's drift policy that a property falls under (DRIFT 16): the first that matches. An `ignore` whose date has
 * passed no longer counts, so the next one decides. A rule on a map covers its members.
 */
export function driftRuleFor(
  rules: readonly DriftRule[],
  kind: string,
  property: string,
  now: string,
): DriftRule | undefined {
  return rules.find((rule) => coversKind(rule, kind) && coversProperty(rule, property) && !hasExpired(rule, now))
}

function coversKind(rule: DriftRule, kind: string): boolean {
  return rule.kind === undefined || rule.kind === kind
}

function coversProperty({ property: pattern }: DriftRule, property: string): boolean {
  if (pattern === undefined || pattern === property || pattern === mapOfKey(property)) return true
  return pattern.endsWith('*') && property.startsWith(pattern.slice(0, -1))
}

function hasExpired({ decision, until }: DriftRule, now: string): boolean {
  return decision === 'ignore' && until !== undefined && Date.parse(until) <= Date.parse(now)
}
