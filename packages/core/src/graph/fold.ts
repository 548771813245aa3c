import type { Actor } from '../access/actor.ts'
import { nameKey, refKey } from '../cloud/provider-ref.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { LedgerEvent } from '../environment/catalogue.ts'
import type { JsonValue, Properties } from '../json.ts'
import type { Cause } from './cause.ts'
import { kindOf } from './ids.ts'
import type { EdgeId, NodeId } from './ids.ts'
import type { GraphSlice } from './state.ts'
import type { EdgeHistory, MutableGraphVersion, NodeHistory } from './versions.ts'

type GraphChange = LedgerEvent<
  'NodeVersionRecorded' | 'NodeRetired' | 'EdgeVersionRecorded' | 'EdgeRetired' | 'NodeManaged' | 'NeedBound'
>

/** Notes that a graph version touches a node; answers its number. `alone` is a list of this node that several versions may share. */
export function touchNode(graph: GraphSlice, event: GraphChange, node: NodeId, alone: NodeId[] = [node]): number {
  const building = underConstruction(graph, event)
  if (building === undefined) return begin(graph, event, alone, NONE)
  building.nodes = withAnother(building.nodes, node)
  return building.version
}

/** Notes that a graph version touches an edge; answers its number. */
export function touchEdge(graph: GraphSlice, event: GraphChange, edge: EdgeId): number {
  const building = underConstruction(graph, event)
  if (building === undefined) return begin(graph, event, NONE, [edge])
  building.edges = withAnother(building.edges, edge)
  return building.version
}

/** Shared by all graph versions that touch no node, or no edge: there are as many as there are changes. Never pushed to. */
const NONE: never[] = []

/** Lists of none or one are shared (see `NONE` and `NodeHistory.alone`), so only longer ones grow in place. */
function withAnother<Id>(list: Id[], id: Id): Id[] {
  if (list.length <= 1) return [...list, id]
  list.push(id)
  return list
}

function underConstruction(graph: GraphSlice, event: GraphChange): MutableGraphVersion | undefined {
  const version = event.metadata.graphVersion ?? graph.version + 1
  return graph.building?.version === version ? graph.building : undefined
}

function begin(graph: GraphSlice, event: GraphChange, nodes: NodeId[], edges: EdgeId[]): number {
  const { metadata, revision } = event
  const version = metadata.graphVersion ?? graph.version + 1
  const { recordedAt } = metadata
  const actor = sameActor(graph.building?.actor, metadata.actor)
  graph.building = { version, recordedAt, revision, actor, cause: causeOf(event), nodes, edges }
  graph.graphVersions.push(graph.building)
  if (graph.openImport === undefined) graph.version = version
  return version
}

/** The actor as the version before has it, where it is the same: a long history is made by few. */
function sameActor(known: Actor | undefined, actor: Actor): Actor {
  const isSame =
    known?.id === actor.id &&
    known.type === actor.type &&
    known.assurance === actor.assurance &&
    known.issuer === actor.issuer
  return isSame ? known : actor
}

function causeOf(event: GraphChange): Cause {
  return 'cause' in event.data ? event.data.cause : { type: 'repair', reason: event.data.reason }
}

/** Adds a node that has no version yet. */
export function newHistory(graph: GraphSlice, id: NodeId): NodeHistory {
  const history: NodeHistory = {
    id,
    kind: kindOf(id),
    alone: [id],
    versions: [],
    skipped: 0,
    ownerships: [],
    attributions: [],
    origin: undefined,
    imported: undefined,
  }
  graph.nodes.set(id, history)
  return history
}

/** Adds an edge that has no version yet. */
export function newEdge(graph: GraphSlice, data: LedgerEvent<'EdgeVersionRecorded'>['data']): EdgeHistory {
  const edge: EdgeHistory = {
    id: data.edge,
    kind: data.kind,
    from: data.from,
    to: data.to,
    versions: [],
    skipped: 0,
    lineage: undefined,
  }
  indexEdge(graph, edge)
  return edge
}

/** Puts an edge into the adjacency lists. */
export function indexEdge(graph: GraphSlice, edge: EdgeHistory): void {
  graph.edges.set(edge.id, edge)
  for (const [index, node] of [
    [graph.outgoing, edge.from],
    [graph.incoming, edge.to],
  ] as const) {
    const list = index.get(node)
    if (list === undefined) index.set(node, [edge.id])
    else list.push(edge.id)
  }
}

/** Makes a node findable by its provider's handle, and no longer by the one it had. */
export function indexRef(graph: GraphSlice, ref: ProviderRef, node: NodeId, previous: ProviderRef | undefined): void {
  const { byIdentity } = graph
  if (previous !== undefined) {
    for (const key of [nameKey(previous), refKey(previous)]) if (byIdentity.get(key) === node) byIdentity.delete(key)
  }
  byIdentity.set(nameKey(ref), node)
  if (ref.id !== undefined) byIdentity.set(refKey(ref), node)
}

/** Properties with some set and some unset; without predecessors, those that are set. */
export function withChanges(previous: Properties | undefined, set: Properties, unset: readonly string[]): Properties {
  if (previous === undefined) return set
  if (unset.length === 0) return { ...previous, ...set }
  const properties: Record<string, JsonValue> = { ...previous, ...set }
  for (const property of unset) delete properties[property]
  return properties
}
