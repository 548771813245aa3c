import { valueText } from '../audit/value-text.ts'
import { deployedModel } from '../application/state.ts'
import type { Declaration } from '../application/declaration.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { propertyOf } from '../graph/kind-catalogue.ts'
import type { Kind, PropertyDefinition } from '../graph/kind.ts'
import { resourceOf } from '../graph/satisfier.ts'
import { aliveVersion, isManaged } from '../graph/state.ts'
import { jsonEqual } from '../json.ts'
import type { JsonValue, Properties } from '../json.ts'
import type { Rejection } from '../ledger-error.ts'
import { hookLabels, planCreation } from './creations.ts'
import { impactOf } from './draft.ts'
import type { PlanDraft } from './draft.ts'
import { planEdges } from './edges.ts'
import { checkHost, replacementRequired } from './hosts.ts'
import { knownValue, needOf } from './known-value.ts'
import { isLost } from './lost.ts'
import { notByCode, wouldShrink } from './not-written.ts'

/** Plans what the code asks for: creations of what is declared and not there, and the properties that the code changed (DRIFT 18). */
export function planDeclared(draft: PlanDraft): Rejection | undefined {
  const { graph, deployments } = draft.state
  const before = deployedModel(draft.state.application)
  for (const declaration of draft.input.model.declarations.values()) {
    const { node } = declaration
    const unchanged = before?.declarations.get(node)
    const isThere = aliveVersion(graph, node) !== undefined && !isLost(draft, node)
    if (isThere && unchanged === declaration && deployments.compareAgain.size === 0) continue
    const problem = checkHost(draft, declaration) ?? (isThere ? planChanges(draft, declaration, unchanged) : undefined)
    if (problem !== undefined) return problem
    if (isThere) planEdges(draft, declaration)
    else planCreation(draft, declaration)
  }
  return undefined
}

function planChanges(
  draft: PlanDraft,
  declaration: Declaration,
  before: Declaration | undefined,
): Rejection | undefined {
  const node = resourceOf(draft.state.graph, declaration.node)
  if (aliveVersion(draft.state.graph, node) === undefined) return undefined
  const kind = draft.context.kinds.orUnknown(kindOf(node))
  const again = draft.state.deployments.compareAgain.get(node)?.properties
  const given = hookLabels(draft, node, kind)
  for (const [property, value] of askedFor(declaration, before, again, given, kind)) {
    const definition = propertyOf(kind, property)
    const mayDiffer = again === 'all' || again?.has(property) === true
    if (definition === undefined || (!mayDiffer && before !== undefined && isSame(before, property, value))) continue
    const problem = planValue(draft, node, property, definition, value)
    if (problem !== undefined) return problem
  }
  return undefined
}

/**
 * What the code asks for; `null` where it no longer does, for what is the code's own (an image, an environment variable) and members of
 * maps, but for the labels that everything is given. Other values that it no longer declares stay as they are: a person may set them as well.
 */
function askedFor(
  { properties }: Declaration,
  before: Declaration | undefined,
  again: ReadonlySet<string> | 'all' | undefined,
  given: Properties,
  kind: Kind,
): readonly (readonly [property: string, value: JsonValue])[] {
  const once = new Set([...Object.keys(before?.properties ?? {}), ...(again === 'all' ? [] : (again ?? []))])
  const dropped = [...once].filter((property) => {
    const stays = Object.hasOwn(properties, property) || Object.hasOwn(given, property)
    const definition = stays ? undefined : propertyOf(kind, property)
    return definition?.owner === 'app' || definition?.map === true
  })
  return [...Object.entries(properties), ...dropped.map((property) => [property, null] as const)]
}

function isSame(before: Declaration, property: string, value: JsonValue): boolean {
  return value !== null && jsonEqual(before.properties[property], value)
}

/** Plans one value that the code changed, or says why it is not written. */
function planValue(
  draft: PlanDraft,
  node: NodeId,
  property: string,
  definition: PropertyDefinition,
  value: JsonValue,
): Rejection | undefined {
  const known = knownValue(draft.state, node, property)
  const { there } = known
  const asked = `${property} of ${node} stays ${valueText(there)}, the code asks for ${valueText(value)}`
  if (wouldShrink(definition, value, there)) {
    draft.note('not-shrunk', node, `${asked}: it only grows`)
    return undefined
  }
  const need = needOf(definition, value, known)
  if (need === 'there') return undefined
  if (!isManaged(draft.state.graph, node)) {
    draft.note('observed', node, `${asked}: it is only observed, hand it over with \`manage\` first`)
    return undefined
  }
  if (need === 'in-flight') {
    draft.note('in-flight', node, `${property} of ${node} is on its way at the provider already`)
    return undefined
  }
  const reason = notByCode(property, definition, value, there)
  if (reason !== undefined) {
    draft.note('not-written', node, `${asked}: ${reason}`)
    return undefined
  }
  if (there !== undefined && impactOf(draft, node, property) === 'replace') return replacementRequired(node, property)
  draft.change(node, property, value, there ?? null, { type: 'code', properties: [property] })
  return undefined
}
