import { match } from 'ts-pattern'
import type { CommandContext } from '../environment/decision.ts'
import { clearsProtection } from '../graph/deletion-protection.ts'
import type { Impact } from '../graph/impact.ts'
import { checkProperty, mapOfKey, propertyOf } from '../graph/kind-catalogue.ts'
import type { Kind, PropertyDefinition } from '../graph/kind.ts'
import type { LivingNode } from '../graph/living-node.ts'
import type { JsonValue } from '../json.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'

/** One property that a person wants to have a value, with what the kind says of it. */
export type Wish = { readonly property: string; readonly value: JsonValue; readonly definition: PropertyDefinition }

/** Checks that a kind knows a property and takes the value (CHANGE 1, GRAPH 8). */
export function readWish(kind: Kind, property: string, value: JsonValue): Wish | Rejection {
  const problem = checkProperty(kind, property, value)
  if (problem !== undefined) return problem
  const definition = propertyOf(kind, property)
  if (definition === undefined) throw new Error(`${kind.name} takes values of ${property} and does not know it`)
  return { property, value, definition }
}

/** Whether a person may change a property in place (CHANGE 1): it is no one else's, not immutable, and does not shrink what only grows. */
export function checkChangeable(target: LivingNode, wish: Wish, impact: Impact): Rejection | undefined {
  return (
    checkOwner(target, wish) ??
    checkProtection(target, wish) ??
    checkReplacement(target, wish, impact) ??
    checkGrowth(target, wish)
  )
}

/** What changing a property means: the provider's word before the kind's (CHANGE 2). */
export function impactOn(target: LivingNode, { property, definition }: Wish, context: CommandContext): Impact {
  const { ref } = target.version
  const stated = ref === undefined ? undefined : context.capabilities(ref.provider, target.kind.name)?.impact
  return stated?.[property] ?? stated?.[mapOfKey(property) ?? property] ?? definition.impact
}

/** Whether a wish is to shrink what can only grow (DRIFT 15). */
export function shrinks({ version }: LivingNode, { property, value, definition }: Wish): boolean {
  const recorded = version.properties[property]
  return definition.growthOnly && typeof recorded === 'number' && typeof value === 'number' && value < recorded
}

function checkOwner({ node }: LivingNode, { property, definition: { owner } }: Wish): Rejection | undefined {
  const refuse = (why: string): Rejection =>
    reject('property-not-changeable', `${property} of ${node} ${why}`, { node, property, owner })
  return match(owner)
    .with('user', () => undefined)
    .with('app', () => refuse('is declared by the code: change it there and deploy'))
    .with('enforced', () => refuse('is derived from what the code uses and enforced: change the code'))
    .with('provider', () => refuse('is reported by the provider: nobody can set it'))
    .exhaustive()
}

/** PROTECT 4: there is no way to switch deletion protection off from here. */
function checkProtection(
  { node }: LivingNode,
  { property, value, definition: { owner } }: Wish,
): Rejection | undefined {
  if (!clearsProtection(property, value)) return undefined
  const message = `${property} of ${node} is switched off by a person at the provider, never from here`
  return reject('property-not-changeable', message, { node, property, owner })
}

function checkReplacement({ node, kind }: LivingNode, { property }: Wish, impact: Impact): Rejection | undefined {
  if (impact !== 'replace') return undefined
  const workflow =
    kind.statefulness === 'stateful'
      ? 'make a copy that has the new value (clone or restore), verify it, `bind` the need to the copy, and then let the old one go'
      : 'declare it under a new name with the new value, and let the old one go'
  const message = `${property} of ${node} cannot change in place, and nothing is replaced by itself: ${workflow}`
  return reject('replacement-required', message, { node, property, workflow })
}

function checkGrowth(target: LivingNode, wish: Wish): Rejection | undefined {
  const { property, value: requested } = wish
  const recorded = target.version.properties[property]
  if (!shrinks(target, wish) || typeof recorded !== 'number' || typeof requested !== 'number') return undefined
  const message = `${property} of ${target.node} is ${recorded} and can only grow; ${requested} is less`
  return reject('change-shrinks', message, { node: target.node, property, recorded, requested })
}
