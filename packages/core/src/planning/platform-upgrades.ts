import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { propertyOf } from '../graph/kind-catalogue.ts'
import { isInWindow, parseMaintenanceWindow } from '../graph/maintenance-window.ts'
import { aliveVersion, edgeAlive, isManaged } from '../graph/state.ts'
import type { JsonValue, Properties } from '../json.ts'
import { impactOf } from './draft.ts'
import type { PlanDraft } from './draft.ts'
import { knownValue, needOf } from './known-value.ts'
import { notByCode, wouldShrink } from './not-written.ts'

/**
 * Plans what a provider's adapter keeps current on the resources that we manage, where nobody speaks for another value: no code, no
 * request, nobody who changed it outside since we wrote it last. Only what interrupts nobody, or is due in the node's maintenance window;
 * for what holds data never more than that. Costs nothing where no provider has a baseline.
 */
export function planPlatformUpgrades(draft: PlanDraft): void {
  const baselines = baselineOf(draft)
  if (baselines === undefined) return
  const requested = requestedProperties(draft)
  for (const node of draft.state.graph.nodes.keys()) {
    const baseline = baselines(node)
    if (baseline === undefined || !isManaged(draft.state.graph, node) || draft.state.drift.missing.has(node)) continue
    if (draft.stepOf(node)?.operation === 'create') continue
    for (const [property, value] of Object.entries(baseline)) {
      if (isSpokenFor(draft, node, property, requested)) continue
      planUpgrade(draft, node, property, value)
    }
  }
}

/** Answers the baseline of a living node; undefined where no configured provider has one for any kind. */
function baselineOf({ state, context }: PlanDraft): ((node: NodeId) => Properties | undefined) | undefined {
  const known = new Map<string, Properties | undefined>()
  const lookUp = (provider: string, kind: string): Properties | undefined => {
    const key = `${provider}|${kind}`
    if (!known.has(key)) known.set(key, context.capabilities(provider, kind)?.baseline)
    return known.get(key)
  }
  const kinds = context.kinds.names()
  const hasOne = context.providers.some((provider) => kinds.some((kind) => lookUp(provider, kind) !== undefined))
  if (!hasOne) return undefined
  return (node) => {
    const ref = aliveVersion(state.graph, node)?.ref
    return ref === undefined ? undefined : lookUp(ref.provider, kindOf(node))
  }
}

/** Properties that persons asked for, by node, whether that is done or waits: what they wanted stays. */
function requestedProperties({ state }: PlanDraft): ReadonlyMap<NodeId, ReadonlySet<string>> {
  const byNode = new Map<NodeId, Set<string>>()
  for (const { node, set, status } of state.changeRequests.requests.values()) {
    if (status === 'withdrawn' || status === 'rejected') continue
    const properties = byNode.get(node) ?? new Set()
    byNode.set(node, properties)
    for (const property of Object.keys(set)) properties.add(property)
  }
  return byNode
}

function isSpokenFor(
  draft: PlanDraft,
  node: NodeId,
  property: string,
  requested: ReadonlyMap<NodeId, ReadonlySet<string>>,
): boolean {
  const { state, input } = draft
  if (Object.hasOwn(draft.stepOf(node)?.changes ?? {}, property)) return true
  if (requested.get(node)?.has(property) === true || state.drift.open.get(node)?.has(property) === true) return true
  if (state.deployments.changedOutside.get(node)?.has(property) === true) return true
  return [node, ...needsOn(draft, node)].some((declared) =>
    Object.hasOwn(input.model.declarations.get(declared)?.properties ?? {}, property),
  )
}

/** Needs that were bound to a node: what the code declares of them is about the node. */
function needsOn({ state: { graph } }: PlanDraft, node: NodeId): readonly NodeId[] {
  return (graph.incoming.get(node) ?? []).flatMap((id) => {
    const edge = graph.edges.get(id)
    return edge?.kind === 'satisfied-by' && edgeAlive(edge) ? [edge.from] : []
  })
}

function planUpgrade(draft: PlanDraft, node: NodeId, property: string, value: JsonValue): void {
  const kind = draft.context.kinds.orUnknown(kindOf(node))
  const definition = propertyOf(kind, property)
  if (definition === undefined) return
  const known = knownValue(draft.state, node, property)
  if (needOf(definition, value, known) !== 'to-write' || wouldShrink(definition, value, known.there)) return
  if (notByCode(property, definition, value, known.there) !== undefined) return
  const impact = impactOf(draft, node, property)
  const isDue =
    impact === 'online' || (kind.statefulness === 'stateless' && impact !== 'replace' && isInItsWindow(draft, node))
  if (!isDue) return
  draft.change(node, property, value, known.there ?? null, { type: 'platform-upgrade', properties: [property] })
}

function isInItsWindow({ state, context }: PlanDraft, node: NodeId): boolean {
  const window = parseMaintenanceWindow(aliveVersion(state.graph, node)?.properties['maintenance.window'])
  return window !== undefined && isInWindow(window, context.now)
}
