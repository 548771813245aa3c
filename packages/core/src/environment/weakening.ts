import { driftRuleFor } from '../drift/drift-rule.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import { propertyOf } from '../graph/kind-catalogue.ts'
import type { ApprovalPolicy, DriftRule, Policies } from './policies.ts'

/** Weakened properties that are listed; more are counted. */
const LISTED = 50
/** Kinds that are named with a weakened property; more are counted. */
const KINDS_NAMED = 5
/** Pairs of a kind and a property that two sets of rules are compared on. Past that, rules that differ count as weaker. */
const PAIRS_LIMIT = 50_000

/** Sections that may have a policy of their own. */
const OWN_SECTIONS = ['iam', 'deletions'] as const

/** How many persons a policy asks to approve, at most: what taking some of it away needs, too. */
export function approvalsDemanded({ required, sections }: ApprovalPolicy): number {
  return Math.max(required, sections?.iam ?? 0, sections?.deletions ?? 0)
}

/**
 * In what new policies ask for less than the present ones, each as a sentence; empty where they are as strict (ACCESS 4). What they ask
 * for besides makes up for nothing.
 */
export function weakenings(before: Policies, after: Policies, kinds: KindCatalogue, now: string): readonly string[] {
  return [
    ...weakenedApprovals(before.approvals, after.approvals),
    ...(before.identity === 'authenticated' && after.identity !== 'authenticated'
      ? ['identities need not be proven any more']
      : []),
    ...weakenedEnforcement(before.drift, after.drift, kinds, now),
  ]
}

function weakenedApprovals(before: ApprovalPolicy, after: ApprovalPolicy): readonly string[] {
  const weakened: string[] = []
  if (after.required < before.required)
    weakened.push(`${after.required} instead of ${before.required} approvals for a plan`)
  if (before.fourEyes === true && after.fourEyes !== true) weakened.push('no four eyes any more')
  const [hours, newHours] = [before.expiresAfterHours, after.expiresAfterHours]
  if (hours !== undefined && (newHours === undefined || newHours > hours))
    weakened.push(
      `approvals hold ${newHours === undefined ? 'for ever' : `${newHours} hours`} instead of ${hours} hours`,
    )
  for (const section of OWN_SECTIONS) {
    const [own, newOwn] = [before.sections?.[section], after.sections?.[section]]
    if (own === undefined && newOwn === undefined) continue
    const [count, newCount] = [own ?? before.required, newOwn ?? after.required]
    if (newCount < count) weakened.push(`${newCount} instead of ${count} approvals for ${section}`)
    else if (newOwn === undefined) weakened.push(`approvals need not name ${section} any more`)
  }
  return weakened
}

/** Properties whose drift was reverted and would not be any more, whichever rule or order of rules brings that about. */
function weakenedEnforcement(
  before: readonly DriftRule[],
  after: readonly DriftRule[],
  kinds: KindCatalogue,
  now: string,
): readonly string[] {
  const pairs = enforceable([...before, ...after], kinds)
  if (pairs === undefined)
    return JSON.stringify(before) === JSON.stringify(after) ? [] : ['drift rules that are too many to compare']
  const byProperty = new Map<string, string[]>()
  for (const [kind, property] of pairs) {
    if (!isEnforced(before, kinds, kind, property, now) || isEnforced(after, kinds, kind, property, now)) continue
    byProperty.set(property, [...(byProperty.get(property) ?? []), kind])
  }
  const weakened = [...byProperty].map(([property, of]) => {
    const more = of.length > KINDS_NAMED ? ` and ${of.length - KINDS_NAMED} more kinds` : ''
    return `drift of ${property} is not reverted any more (${of.slice(0, KINDS_NAMED).join(', ')}${more})`
  })
  return weakened.length <= LISTED ? weakened : [...weakened.slice(0, LISTED), `and ${weakened.length - LISTED} more`]
}

/** Every pair of a kind and a property that a rule may speak of: those of the known kinds, and what the rules name; undefined for too many. */
function enforceable(
  rules: readonly DriftRule[],
  kinds: KindCatalogue,
): readonly (readonly [kind: string, property: string])[] | undefined {
  const named = rules.flatMap(({ kind }) => (kind === undefined ? [] : [kind]))
  const allKinds = [...new Set([...kinds.names(), ...named, 'other kinds'])]
  const patterns = rules.flatMap(({ property }) => (property === undefined ? [] : [property.replace(/\*$/, '')]))
  const ofRules = [...new Set([...patterns, 'other properties'])]
  if (allKinds.length * ofRules.length > PAIRS_LIMIT) return undefined
  return allKinds.flatMap((kind) => {
    const own = kinds.find(kind)?.properties.keys() ?? []
    return [...new Set([...own, ...ofRules])].map((property) => [kind, property] as const)
  })
}

function isEnforced(
  rules: readonly DriftRule[],
  kinds: KindCatalogue,
  kind: string,
  property: string,
  now: string,
): boolean {
  const rule = driftRuleFor(rules, kind, property, now)
  if (rule !== undefined) return rule.decision === 'enforce'
  const known = kinds.find(kind)
  return known !== undefined && propertyOf(known, property)?.owner === 'enforced'
}
