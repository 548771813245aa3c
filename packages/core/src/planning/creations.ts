import { hostOf } from '../application/declaration-rules.ts'
import type { Declaration } from '../application/declaration.ts'
import { clearsProtection, DELETION_PROTECTION } from '../graph/deletion-protection.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import type { Kind } from '../graph/kind.ts'
import { aliveVersion, newestVersion } from '../graph/state.ts'
import type { JsonValue, Properties } from '../json.ts'
import type { PlanDraft } from './draft.ts'
import { placeOf } from './draft.ts'
import { desiredEdges, droppedEdges } from './edges.ts'

/** Plans the creation of a declared node, and of its host when it needs one that is not there. */
export function planCreation(draft: PlanDraft, declaration: Declaration): void {
  const { node } = declaration
  const kind = draft.context.kinds.orUnknown(kindOf(node))
  const host = hostOf(declaration, kind)
  if (
    host !== undefined &&
    aliveVersion(draft.state.graph, host) === undefined &&
    !draft.input.model.declarations.has(host)
  )
    create(draft, host, {})
  const step = create(draft, node, declaration.properties)
  step.edges.push(...desiredEdges(draft, declaration))
  // What is made again gets the edges back that it had, but for those that the code has dropped.
  step.retiredEdges.push(...droppedEdges(draft, declaration))
  if (host !== undefined) step.edges.push({ kind: 'satisfied-by', to: host, attributes: {} })
}

function create(draft: PlanDraft, node: NodeId, properties: Properties): ReturnType<PlanDraft['stepFor']> {
  const existing = draft.stepOf(node)
  if (existing !== undefined) return existing
  const kind = draft.context.kinds.orUnknown(kindOf(node))
  const place = placeOf(draft, kind)
  const step = draft.stepFor(node, place === 'nobody' ? 'record' : 'create')
  const protection = protectionAtCreation(draft, node, kind, properties)
  Object.assign(step.changes, creationDefaults(kind), hookLabels(draft, node, kind), properties, protection)
  step.origins.push({ type: 'code', properties: Object.keys(step.changes) })
  if (place !== 'nobody' && place !== undefined) {
    step.target = place.target
    step.name = draft.context.nameOf(node, (newestVersion(draft.state.graph, node)?.incarnation ?? 0) + 1)
  }
  return step
}

/** Labels that the team's hook gives to what is created, where the kind has labels. */
export function hookLabels(draft: PlanDraft, node: NodeId, kind: Kind): Properties {
  if (kind.properties.get('labels')?.map !== true) return {}
  return Object.fromEntries(
    Object.entries(draft.context.labelsOf(node)).map(([label, value]) => [`labels[${JSON.stringify(label)}]`, value]),
  )
}

/**
 * PROTECT 4: what holds data and can be protected is made protected, whatever the code says: nothing here could switch it off again, so nobody
 * is to count on its being off. Only what a preview environment makes is not, unless the code asks for it: it goes with its pull request
 * (PROTECT 11).
 */
function protectionAtCreation(draft: PlanDraft, node: NodeId, kind: Kind, properties: Properties): Properties {
  if (kind.statefulness === 'stateless' || !kind.properties.has(DELETION_PROTECTION)) return {}
  const asked = properties[DELETION_PROTECTION]
  if (draft.state.environment.type === 'preview') return { [DELETION_PROTECTION]: asked ?? false }
  if (asked !== undefined && clearsProtection(DELETION_PROTECTION, asked)) {
    const message = `${node} is made with ${DELETION_PROTECTION} on, although the code asks for it to be off: a person switches it off at the provider, never a deployment`
    draft.note('not-written', node, message)
  }
  return { [DELETION_PROTECTION]: true }
}

/** What a kind sets explicitly at creation when nobody asks for another value. */
function creationDefaults(kind: Kind): Properties {
  const defaults: Record<string, JsonValue> = {}
  for (const [property, definition] of kind.properties) {
    if (definition.creationDefault !== undefined) defaults[property] = definition.creationDefault
  }
  return defaults
}
