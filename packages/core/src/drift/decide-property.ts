import { match } from 'ts-pattern'
import type { DeferredValue } from '../deployments/state.ts'
import type { DriftRule } from '../environment/policies.ts'
import type { PropertyDefinition } from '../graph/kind.ts'
import type { JsonValue } from '../json.ts'
import { compareValues, hasGrown, hasNone, isMet } from './compare.ts'
import type { MaybeValue } from './compare.ts'
import type { PropertyDecision } from './state.ts'

/** All that decides what an observed value of one property means. */
export type PropertyQuestion = {
  readonly property: string
  readonly definition: PropertyDefinition
  readonly recorded: MaybeValue
  readonly observed: MaybeValue
  /** The pending change request on this property. */
  readonly request?: { readonly id: string; readonly value: JsonValue }
  /** What a deployment of ours wrote and the provider put off. */
  readonly ours?: DeferredValue
  /** What the provider says it has put off, whoever asked for it. */
  readonly providerDeferred?: JsonValue
  /** The rule of the environment's policy that the property falls under. */
  readonly rule?: DriftRule
  /** Whether nothing is recorded because the provider said so: a value is a change then. Else the property was never looked at. */
  readonly knownUnset?: boolean
  /** The external deployment that announced the observed value. */
  readonly announced?: string
  /** Whether we manage the node: what we do not manage is never reverted (OWN 5). */
  readonly managed: boolean
}

/** What is to be done, and what decided it. `equal`: nothing differs; `undecidable`: it cannot be compared, which decides nothing. */
export type Verdict =
  | { readonly decision: 'equal' }
  | { readonly decision: 'undecidable' }
  | {
      readonly decision: Exclude<PropertyDecision['decision'], 'resolved' | 'dropped'>
      readonly decidedBy: string
      readonly request?: string
    }

/** What decided an adoption, where it was no policy rule. */
export const DECIDED_BY = {
  /** Nothing said otherwise. */
  default: 'default',
  /** The property's owner class. */
  kind: 'kind',
  /** A growth-only value grew. */
  growth: 'growth',
  /** It was not looked at before: that somebody changed it is not known. */
  firstReading: 'first-reading',
  /** It would be enforced if the node were ours (OWN 5). */
  ownership: 'ownership',
} as const

/**
 * Decides one property, independently of all others (domain rule 6d). In this order: what our own deployment had put off and is now in
 * force has landed; an enforced property is never adopted, not even when a request wants that very value, for requests are applied by
 * deployments that can be approved; an observed request has converged; a pending request keeps its place; and only then the policy and
 * the default speak; what another tool announced is adopted as its doing, and is no drift. A growth-only value that is smaller than recorded is adopted as well: it is what there is.
 */
export function decideProperty(question: PropertyQuestion): Verdict {
  const { definition, recorded, observed, request, ours, rule } = question
  if (definition.owner === 'provider') return { decision: 'undecidable' }
  const comparison = compareValues(definition, recorded, observed)
  const wanted = request !== undefined && isMet(definition, request.value, observed) ? { request: request.id } : {}

  if (ours !== undefined && compareValues(definition, ours.value, observed) === 'same') {
    return { decision: 'landed', decidedBy: `deployment ${ours.deployment}`, ...wanted }
  }
  if (comparison === 'different' && isEnforced(question) && question.managed && !hasNone(recorded)) {
    return { decision: 'enforced', decidedBy: rule?.reason ?? DECIDED_BY.kind }
  }
  const inFlight = inFlightBy(question)
  // A value of ours that is still on its way takes the observed one's place: the request is met for the moment only.
  const isMetForGood = inFlight === undefined || !inFlight.isOurs
  if (wanted.request !== undefined && isMetForGood)
    return { decision: 'converged', decidedBy: `request ${wanted.request}`, ...wanted }
  if (comparison === 'unknown') return { decision: 'undecidable' }

  if (comparison === 'same')
    return inFlight === undefined ? { decision: 'equal' } : { decision: 'in-flight', ...inFlight.by }
  if (request !== undefined) return { decision: 'suppressed', decidedBy: `request ${request.id}`, request: request.id }
  if (inFlight !== undefined) return { decision: 'suppressed', ...inFlight.by }
  if (question.announced !== undefined)
    return { decision: 'announced', decidedBy: `external deployment ${question.announced}` }
  if (rule?.decision === 'ignore') return { decision: 'ignored', decidedBy: rule.reason }
  return { decision: 'adopted', decidedBy: adoptedBy(question) }
}

/** Whether the policy, or else the kind, says that this property is reverted (DRIFT 7). */
export function isEnforced({ definition, rule }: PropertyQuestion): boolean {
  return rule === undefined ? definition.owner === 'enforced' : rule.decision === 'enforce'
}

type InFlight = { readonly isOurs: boolean; readonly by: { readonly decidedBy: string; readonly request?: string } }

/** Who asked for what the provider has put off; undefined where it was nobody that we know of, or nothing is put off. */
function inFlightBy({ definition, observed, request, ours, providerDeferred }: PropertyQuestion): InFlight | undefined {
  const hasGrownPast = definition.growthOnly && hasGrown(providerDeferred, observed)
  if (providerDeferred === undefined || hasGrownPast) return undefined
  const wanted =
    request !== undefined && compareValues(definition, request.value, providerDeferred) === 'same'
      ? { request: request.id }
      : {}
  if (ours !== undefined && compareValues(definition, ours.value, providerDeferred) === 'same') {
    return { isOurs: true, by: { decidedBy: `deployment ${ours.deployment}`, ...wanted } }
  }
  return wanted.request === undefined
    ? undefined
    : { isOurs: false, by: { decidedBy: `request ${wanted.request}`, ...wanted } }
}

function adoptedBy(question: PropertyQuestion): string {
  const { definition, recorded, observed, rule } = question
  if (hasNone(recorded) && (question.knownUnset !== true || isEnforced(question))) return DECIDED_BY.firstReading
  return match({ rule: rule?.decision, enforced: isEnforced(question) })
    .with({ rule: 'adopt' }, () => rule?.reason ?? DECIDED_BY.default)
    .with({ enforced: true }, () => DECIDED_BY.ownership)
    .otherwise(() => (definition.growthOnly && hasGrown(recorded, observed) ? DECIDED_BY.growth : DECIDED_BY.default))
}
