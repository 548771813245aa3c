import type { Handlers } from '../environment/catalogue.ts'
import { nameKey, refKey } from '../cloud/provider-ref.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import { importOf } from './cause.ts'
import { indexRef, newEdge, newHistory, touchEdge, touchNode, withChanges } from './fold.ts'
import type { EdgeId, NodeId } from './ids.ts'
import { lineageOf } from './imports.ts'
import type { ImportRecord, OpenImport } from './imports.ts'
import { recordedVersion, retiredVersion } from './node-version.ts'
import { ownershipAt } from './versions.ts'
import type { EdgeHistory, GraphVersion, MutableGraphVersion, NodeHistory, NodeVersion } from './versions.ts'

/** The graph of one environment with all its versions. Mutated by its fold alone; everybody else reads it through a view. */
export type GraphSlice = {
  /** The visible graph version; 0 before the first. */
  version: number
  /** Graph versions from `firstVersion` on, in order. */
  readonly graphVersions: GraphVersion[]
  firstVersion: number
  readonly nodes: Map<NodeId, NodeHistory>
  readonly edges: Map<EdgeId, EdgeHistory>
  readonly outgoing: Map<NodeId, EdgeId[]>
  readonly incoming: Map<NodeId, EdgeId[]>
  /** Node by provider identity: by immutable id, by name, and by imported address. */
  readonly byIdentity: Map<string, NodeId>
  /** Needs that a person bound to a resource (OWN 4), also to a resource of the same id. */
  readonly bindings: Map<NodeId, NodeId>
  openImport: OpenImport | undefined
  /** Every completed import, by id. */
  readonly imports: Map<string, ImportRecord>
  /** The last completed import of each lineage. */
  readonly lastImports: Map<string, ImportRecord>
  /** Revision of the newest attribution; -1 before the first. */
  lastAttribution: number
  /** What the graph version under construction changed; sealed when the next one begins. */
  building: MutableGraphVersion | undefined
}

export function emptyGraph(): GraphSlice {
  return {
    version: 0,
    graphVersions: [],
    firstVersion: 1,
    nodes: new Map(),
    edges: new Map(),
    outgoing: new Map(),
    incoming: new Map(),
    byIdentity: new Map(),
    bindings: new Map(),
    openImport: undefined,
    imports: new Map(),
    lastImports: new Map(),
    lastAttribution: -1,
    building: undefined,
  }
}

/** The key under which an imported address is found again. */
export function originKey(lineage: string, address: string): string {
  return `origin|${lineage}|${address}`
}

/** The newest version of a node, visible or not; undefined where the id was never used. */
export function newestVersion(graph: GraphSlice, node: NodeId): NodeVersion | undefined {
  return graph.nodes.get(node)?.versions.at(-1)
}

/** The newest version of a node that is alive. */
export function aliveVersion(graph: GraphSlice, node: NodeId): NodeVersion | undefined {
  const version = newestVersion(graph, node)
  return version === undefined || version.retired !== undefined ? undefined : version
}

/** Whether an edge is there, in its newest version. */
export function edgeAlive(edge: EdgeHistory | undefined): boolean {
  return edge?.versions.at(-1)?.retired === false
}

/** Whether plans may write a node (OWN 1). */
export function isManaged(graph: GraphSlice, node: NodeId): boolean {
  const history = graph.nodes.get(node)
  return history !== undefined && ownershipAt(history, Infinity) === 'managed'
}

/** The living node that a provider's resource is known as: by its immutable id, else by its name where no other id contradicts. */
export function nodeByRef(graph: GraphSlice, ref: ProviderRef): NodeId | undefined {
  const exact = ref.id === undefined ? undefined : graph.byIdentity.get(refKey(ref))
  if (exact !== undefined && aliveVersion(graph, exact) !== undefined) return exact
  const named = graph.byIdentity.get(nameKey(ref))
  const version = named === undefined ? undefined : aliveVersion(graph, named)
  if (named === undefined || version === undefined) return undefined
  const otherId = ref.id !== undefined && version.ref?.id !== undefined && version.ref.id !== ref.id
  return otherId ? undefined : named
}

export const graphHandlers = {
  NodeVersionRecorded(graph, event) {
    const { data } = event
    const history = graph.nodes.get(data.node) ?? newHistory(graph, data.node)
    const previous = history.versions.at(-1)
    const living = previous?.retired === undefined ? previous : undefined
    const graphVersion = touchNode(graph, event, history.id, history.alone)
    const version = recordedVersion(event, graphVersion, living, graph.building?.actor ?? event.metadata.actor)
    if (importOf(data.cause) !== undefined) {
      const before = living === undefined ? undefined : history.imported
      history.imported = before === living?.properties ? version.properties : withChanges(before, data.set, data.unset)
    } else if (living === undefined) history.imported = undefined
    history.versions.push(version)
    if (data.ownership !== undefined) history.ownerships.push({ graphVersion, ownership: data.ownership })
    if (data.ref !== undefined) indexRef(graph, data.ref, data.node, previous?.ref)
    if (data.origin !== undefined) {
      history.origin = data.origin
      graph.byIdentity.set(originKey(data.origin.lineage, data.origin.address), data.node)
    }
    // What a plan announced is a version of its own beside what nobody did: of one node all the same.
    if (graph.openImport !== undefined && living?.graphVersion !== graphVersion) graph.openImport.recorded++
  },
  NodeRetired(graph, event) {
    const { data } = event
    const history = graph.nodes.get(data.node) ?? newHistory(graph, data.node)
    history.versions.push(
      retiredVersion(event, touchNode(graph, event, history.id, history.alone), history.versions.at(-1)),
    )
    if (graph.openImport !== undefined && data.reason !== 'replaced') graph.openImport.retired++
  },
  EdgeVersionRecorded(graph, event) {
    const { data } = event
    const edge = graph.edges.get(data.edge) ?? newEdge(graph, data)
    edge.lineage = data.lineage
    edge.versions.push({
      version: data.version,
      graphVersion: touchEdge(graph, event, data.edge),
      recordedAt: event.metadata.recordedAt,
      effectiveAt: event.metadata.effectiveAt,
      actor: event.metadata.actor,
      cause: data.cause,
      attributes: data.attributes,
      retired: false,
    })
  },
  EdgeRetired(graph, event) {
    const edge = graph.edges.get(event.data.edge)
    if (edge === undefined) return
    edge.versions.push({
      version: event.data.version,
      graphVersion: touchEdge(graph, event, event.data.edge),
      recordedAt: event.metadata.recordedAt,
      effectiveAt: event.metadata.effectiveAt,
      actor: event.metadata.actor,
      cause: event.data.cause,
      attributes: edge.versions.at(-1)?.attributes ?? {},
      retired: true,
    })
  },
  NodeManaged(graph, event) {
    const history = graph.nodes.get(event.data.node)
    history?.ownerships.push({ graphVersion: touchNode(graph, event, event.data.node), ownership: 'managed' })
  },
  NeedBound(graph, event) {
    touchNode(graph, event, event.data.need)
    graph.bindings.set(event.data.need, event.data.resource)
  },
  DriftAttributed(graph, { data, revision }) {
    graph.nodes.get(data.node)?.attributions.push({ ...data, revision })
    graph.lastAttribution = revision
  },
  ImportStarted(graph, { data, metadata }) {
    const lineage = lineageOf(data.source)
    graph.openImport = {
      import: data.import,
      source: data.source,
      lineage,
      effectiveAt: data.effectiveAt,
      after: graph.lastImports.get(lineage)?.effectiveAt,
      actor: metadata.actor,
      ...(metadata.authorization === undefined ? {} : { authorization: metadata.authorization }),
      recorded: 0,
      retired: 0,
    }
  },
  ImportCompleted(graph, { data, metadata }) {
    const open = graph.openImport
    if (open === undefined) return
    graph.openImport = undefined
    const { recorded: _recorded, retired: _retired, ...known } = open
    const { source, effectiveAt } = data.instead ?? known
    const record = { ...known, source, effectiveAt, completedAt: metadata.recordedAt }
    graph.imports.set(open.import, record)
    graph.lastImports.set(open.lineage, record)
    if (graph.building === undefined || graph.building.version === graph.version) return
    // What it recorded becomes known now, whenever its parts were written.
    graph.building.recordedAt = metadata.recordedAt
    graph.version = graph.building.version
  },
} satisfies Handlers<GraphSlice>
