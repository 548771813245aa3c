import { valueText } from '../audit/value-text.ts'
import type { Declaration } from '../application/declaration.ts'
import { rightsOf } from '../application/rights.ts'
import type { DerivedGrant, Rights } from '../application/rights.ts'
import type { NodeId } from '../graph/ids.ts'
import { propertyOf } from '../graph/kind-catalogue.ts'
import type { PropertyDefinition } from '../graph/kind.ts'
import { sameValue } from '../graph/property-values.ts'
import { satisfierOf } from '../graph/satisfier.ts'
import { aliveVersion, edgeAlive, isManaged } from '../graph/state.ts'
import { jsonEqual } from '../json.ts'
import type { JsonValue } from '../json.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { planCreation } from './creations.ts'
import type { PlanDraft } from './draft.ts'
import { knownValue } from './known-value.ts'
import { isLost } from './lost.ts'
import { servesGrants } from './rights-needed.ts'

/**
 * Plans the rights that follow from use (OWN 7): makes identities and grants that are not there, or there no more, and gives a grant the
 * operations that the code uses now. What follows from no use any more is unused, and so removed in cleanup. They are held against the
 * model each time, not only where the code changed: a grant may have gone, or a need been bound to another resource.
 */
export function planGrants(draft: PlanDraft): Rejection | undefined {
  if (!servesGrants(draft)) return undefined
  const definition = propertyOf(draft.context.kinds.orUnknown('grant'), 'operations')
  for (const rights of rightsOf(draft.state, draft.input.model)) {
    if (isAsRecorded(draft, rights)) continue
    const problem = planIdentity(draft, rights)
    if (problem !== undefined) return problem
    for (const derived of rights.grants) {
      const contradiction = planGrant(draft, derived, definition)
      if (contradiction !== undefined) return contradiction
    }
  }
  return undefined
}

/** The quick answer for nearly all rights of nearly all plans: everything is there, as it is used. */
function isAsRecorded({ state, steps }: PlanDraft, { identity, edge, grants }: Rights): boolean {
  const { graph, drift } = state
  if (steps.size > 0 || drift.missing.has(identity) || !isManaged(graph, identity)) return false
  if (!edgeAlive(graph.edges.get(edge)) || aliveVersion(graph, identity) === undefined) return false
  return grants.every(({ grant, declared, operations }) => {
    const recorded = aliveVersion(graph, grant)?.properties['operations']
    return declared === undefined && !drift.missing.has(grant) && jsonEqual(recorded, operations)
  })
}

/** An identity that the code declares itself is planned like any other need. */
function planIdentity(draft: PlanDraft, { service, identity, edge }: Rights): Rejection | undefined {
  const { graph } = draft.state
  if (!draft.input.model.declarations.has(identity)) {
    const isThere = aliveVersion(graph, identity) !== undefined
    if (isThere && !isManaged(graph, identity) && ![...graph.bindings.values()].includes(identity))
      return identityTaken(service, identity)
    if (!isThere || isLost(draft, identity)) planCreation(draft, derivedNode(identity))
  }
  if (aliveVersion(graph, service) === undefined || edgeAlive(graph.edges.get(edge))) return undefined
  const step = draft.stepOf(service)
  if (step?.edges.some(({ kind, to }) => kind === 'depends-on' && to === identity) === true) return undefined
  const changed = draft.stepFor(service, 'record')
  changed.edges.push({ kind: 'depends-on', to: identity, attributes: {} })
  if (changed.origins.length === 0) changed.origins.push({ type: 'code', properties: [] })
  return undefined
}

function planGrant(
  draft: PlanDraft,
  derived: DerivedGrant,
  definition: PropertyDefinition | undefined,
): Rejection | undefined {
  const { graph } = draft.state
  const { grant, declared, operations, identity, resource } = derived
  if (declared !== undefined) return noteDifference(draft, derived, declared, definition)
  if (draft.input.model.declarations.has(grant)) return contradictory(derived)
  const version = aliveVersion(graph, grant)
  if (version === undefined || isLost(draft, grant) || isMade(draft, identity) || isMade(draft, resource)) {
    planCreation(draft, derivedNode(grant, propertiesOf(derived), dependenciesOf(draft, derived)))
    return undefined
  }
  if (definition === undefined || isSame(definition, version.properties['operations'] ?? null, operations))
    return undefined
  if (isManaged(graph, grant)) {
    const { there } = knownValue(draft.state, grant, 'operations')
    draft.change(grant, 'operations', [...operations], there ?? null, { type: 'code', properties: ['operations'] })
  } else
    draft.note('observed', grant, `${grant} is only observed: hand it over with \`manage\`, and it is kept as used`)
  return undefined
}

function isSame(definition: PropertyDefinition, recorded: JsonValue, used: readonly string[]): boolean {
  return sameValue(definition, recorded, [...used])
}

/** Whether the plan makes a node: a grant on what was there before it is none on what is made again. */
function isMade(draft: PlanDraft, node: NodeId): boolean {
  return draft.stepOf(node)?.operation === 'create'
}

function propertiesOf({ identity, resource, service, need, operations }: DerivedGrant): Declaration['properties'] {
  return { identity, resource, service, need, operations: [...operations] }
}

/** What a grant is made on: its identity, the need, and the resource that satisfies or hosts it. */
function dependenciesOf(draft: PlanDraft, { identity, need, resource }: DerivedGrant): readonly NodeId[] {
  const planned = draft.stepOf(need)?.edges.find(({ kind }) => kind === 'satisfied-by')?.to
  const host = satisfierOf(draft.state.graph, need) ?? planned
  return [identity, need, ...(resource === need ? [] : [resource]), ...(host === undefined ? [] : [host])]
}

/** What nobody wrote down is planned like what the code declares. */
function derivedNode(
  node: NodeId,
  properties: Declaration['properties'] = {},
  dependsOn: readonly NodeId[] = [],
): Declaration {
  return { node, properties, dependsOn: [...new Set(dependsOn)], uses: [] }
}

function noteDifference(
  draft: PlanDraft,
  { service, need, operations }: DerivedGrant,
  declared: Declaration,
  definition: PropertyDefinition | undefined,
): undefined {
  const own = declared.properties['operations'] ?? null
  if (definition === undefined || isSame(definition, own, operations)) return
  const used = `${service} uses ${need} for ${operations.join(', ')}`
  draft.note(
    'grant-differs',
    declared.node,
    `${declared.node} grants ${valueText(own)} and ${used}: as declared it stays`,
  )
}

function contradictory({ grant, service, need }: DerivedGrant): Rejection {
  const message = `the model declares ${grant} as something else than the grant of ${service} on ${need}: give it another name`
  return reject('grant-contradictory', message, { grant, service, need })
}

function identityTaken(service: NodeId, identity: NodeId): Rejection {
  const how = `bind ${identity} to itself to have ${service} act as it, hand it over with \`manage\`, or name another identity in its dependsOn`
  return reject('binding-required', `${identity} is there and only observed: ${how}`, {
    needs: [{ need: identity, candidates: [identity] }],
  })
}
