import { deployedModel } from '../application/state.ts'
import type { Declaration } from '../application/declaration.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { propertyOf } from '../graph/kind-catalogue.ts'
import { aliveVersion, isManaged } from '../graph/state.ts'
import { meets } from '../graph/property-values.ts'
import { jsonEqual } from '../json.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { planCreation } from './creations.ts'
import type { PlanDraft } from './draft.ts'
import { planEdges } from './edges.ts'
import { satisfierOf } from './needs.ts'

/** Plans what the code asks for: creations of what is declared and not there, and the properties that the code changed (DRIFT 18). */
export function planDeclared(draft: PlanDraft): Rejection | undefined {
  const { graph } = draft.state
  const before = deployedModel(draft.state.application)
  for (const declaration of draft.input.model.declarations.values()) {
    const { node } = declaration
    const unchanged = before?.declarations.get(node)
    if (aliveVersion(graph, node) === undefined || isLost(draft, node)) {
      planCreation(draft, declaration)
      continue
    }
    if (unchanged === declaration) continue
    const problem = planChanges(draft, declaration, unchanged)
    if (problem !== undefined) return problem
    planEdges(draft, declaration)
  }
  return undefined
}

/** A stateless resource of ours that is gone at the provider is made again; a stateful one never by itself (DRIFT 9). */
function isLost(draft: PlanDraft, node: NodeId): boolean {
  const stateless = draft.context.kinds.orUnknown(kindOf(node)).statefulness === 'stateless'
  return stateless && draft.state.drift.missing.has(node) && isManaged(draft.state.graph, node)
}

function planChanges(
  draft: PlanDraft,
  declaration: Declaration,
  before: Declaration | undefined,
): Rejection | undefined {
  const node = writableNode(draft, declaration.node)
  if (node === undefined) return undefined
  const recorded = aliveVersion(draft.state.graph, node)?.properties ?? {}
  const kind = draft.context.kinds.orUnknown(kindOf(node))
  const inFlight = draft.state.deployments.deferred.get(node)
  for (const [property, value] of Object.entries(declaration.properties)) {
    const definition = propertyOf(kind, property)
    if (definition === undefined || (before !== undefined && jsonEqual(before.properties[property], value))) continue
    const current = recorded[property]
    if (current !== undefined && meets(definition, value, current)) continue
    if (jsonEqual(inFlight?.get(property)?.value, value)) {
      draft.notices.push({ type: 'in-flight', node, message: `${property} is on its way at the provider already` })
      continue
    }
    if (definition.impact === 'replace' && current !== undefined) return replacementRequired(node, property)
    if (definition.growthOnly && typeof value === 'number' && typeof current === 'number' && value < current) {
      draft.notices.push({
        type: 'not-shrunk',
        node,
        message: `${property} stays ${current}: it only grows, the code asks for ${value}`,
      })
      continue
    }
    draft.change(node, property, value, current ?? null, { type: 'code', properties: [property] })
  }
  return undefined
}

/** The node that a declaration's values are written to: itself, or what a person bound it to; undefined while that is not managed (OWN 1). */
function writableNode(draft: PlanDraft, declared: NodeId): NodeId | undefined {
  const bound = satisfierOf(draft.state.graph, declared)
  const node = bound !== undefined && kindOf(bound) === kindOf(declared) ? bound : declared
  return isManaged(draft.state.graph, node) && aliveVersion(draft.state.graph, node) !== undefined ? node : undefined
}

/** No plan replaces a node (PROTECT 8): an immutable property is changed by making a new thing and moving to it. */
function replacementRequired(node: NodeId, property: string): Rejection {
  const workflow = 'declare it under a new name, move to it, and let the old one go'
  return reject(
    'replacement-required',
    `${property} of ${node} cannot change in place and no plan replaces what is there: ${workflow}`,
    { node, property, workflow },
  )
}
