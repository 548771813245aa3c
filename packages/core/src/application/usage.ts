import type { EnvironmentState } from '../environment/state.ts'
import { aliveVersion, edgeAlive, isManaged } from '../graph/state.ts'
import type { NodeId } from '../graph/ids.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import type { Kind } from '../graph/kind.ts'
import type { EdgeHistory } from '../graph/versions.ts'
import { compareIds } from './declaration.ts'
import type { Declaration } from './declaration.ts'
import { identityOf, rightsOf } from './rights.ts'
import { deployedModel } from './state.ts'
import type { Model } from './state.ts'

/**
 * Every node that the application uses under a model: what the model declares (PROTECT 3), and, over any number of steps, what satisfies
 * or hosts a used node, what a used node depends on, and what a used node outside the code uses. One traversal; for many nodes ask once.
 */
export function usedNodes(state: EnvironmentState, model: Model): ReadonlySet<NodeId> {
  const used = new Set<NodeId>()
  for (const { node, dependsOn, uses } of model.declarations.values()) {
    used.add(node)
    for (const other of dependsOn) used.add(other)
    for (const { need } of uses) used.add(need)
  }
  // Rights are in use while the use is that they follow from, wherever they can be made at the moment (OWN 7).
  for (const { identity, grants } of rightsOf(state, model)) {
    used.add(identity)
    for (const { grant, declared } of grants) if (declared === undefined) used.add(grant)
  }
  // A set may grow while it is iterated: what is added is visited too.
  for (const node of used) for (const needed of neededBy(state, model, node)) used.add(needed)
  return used
}

/** Whether the application uses a node under a model; see {@link usedNodes}. */
export function isUsed(state: EnvironmentState, model: Model, node: NodeId): boolean {
  return usedNodes(state, model).has(node)
}

/** A managed, living node that nothing uses. Kinds that we do not know are stateful (OWN 3). */
export type UnusedNode = { readonly node: NodeId; readonly statefulness: Kind['statefulness'] }

/** What a plan of this model may remove: managed, living, unused. Observed nodes are never among them (OWN 1), and without a model nothing is unused (OWN 2). */
export function unusedManaged(
  state: EnvironmentState,
  model: Model | undefined,
  kinds: KindCatalogue,
): readonly UnusedNode[] {
  if (model === undefined) return []
  const used = usedNodes(state, model)
  const unused: UnusedNode[] = []
  for (const { id, kind } of state.graph.nodes.values()) {
    if (used.has(id) || aliveVersion(state.graph, id) === undefined || !isManaged(state.graph, id)) continue
    unused.push({ node: id, statefulness: kinds.orUnknown(kind).statefulness })
  }
  return unused
}

/** What of the code keeps a node in use: the services that use it, else the declared nodes that lead to it. Empty when it is unused. */
export function usersOf(state: EnvironmentState, model: Model, node: NodeId): readonly NodeId[] {
  const naming = declaredBy(model)
  const users = new Set<NodeId>()
  const seen = new Set([node])
  for (const one of seen) {
    const declarers = naming.get(one) ?? []
    for (const declarer of declarers) users.add(declarer)
    if (model.declarations.has(one)) {
      if (declarers.length === 0) users.add(one)
      continue
    }
    for (const id of state.graph.incoming.get(one) ?? []) {
      const edge = state.graph.edges.get(id)
      if (edge !== undefined && keepsInUse(state, model, edge)) seen.add(edge.from)
    }
    for (const [need, resource] of state.graph.bindings) if (resource === one) seen.add(need)
  }
  return [...users].toSorted(compareIds)
}

/** For each node that the model names, the declarations that use it or depend on it. */
function declaredBy(model: Model): ReadonlyMap<NodeId, readonly NodeId[]> {
  const naming = new Map<NodeId, NodeId[]>()
  for (const { node, dependsOn, uses } of model.declarations.values()) {
    for (const other of [...dependsOn, ...uses.map(({ need }) => need)]) {
      const list = naming.get(other)
      if (list === undefined) naming.set(other, [node])
      else list.push(node)
    }
  }
  return naming
}

function* neededBy(state: EnvironmentState, model: Model, node: NodeId): Generator<NodeId> {
  const bound = state.graph.bindings.get(node)
  if (bound !== undefined) yield bound
  for (const id of state.graph.outgoing.get(node) ?? []) {
    const edge = state.graph.edges.get(id)
    if (edge !== undefined && keepsInUse(state, model, edge)) yield edge.to
  }
}

/**
 * Whether an edge from a used node keeps its other end in use. What a declared node uses is what the model says, not what is recorded
 * from an earlier one; and a dependency that the code has dropped since the last deployment counts no more.
 */
function keepsInUse(state: EnvironmentState, model: Model, edge: EdgeHistory): boolean {
  if (!edgeAlive(edge)) return false
  const declaration = model.declarations.get(edge.from)
  if (declaration === undefined || edge.lineage !== undefined) return true
  if (edge.kind === 'uses') return false
  if (edge.kind !== 'depends-on') return true
  const before = deployedModel(state.application)?.declarations.get(edge.from)
  // Who a service acts as follows from what it uses now, too.
  if (before !== undefined && before.uses.length > 0 && identityOf(state, before) === edge.to) return false
  return !dependsOn(before, edge.to) || dependsOn(declaration, edge.to)
}

function dependsOn(declaration: Declaration | undefined, node: NodeId): boolean {
  return declaration?.dependsOn.includes(node) === true
}
