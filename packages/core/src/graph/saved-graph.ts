import type { Properties } from '../json.ts'
import { isSeenAtProvider } from './cause.ts'
import { indexEdge } from './fold.ts'
import type { ImportRecord } from './imports.ts'
import { kindOf } from './ids.ts'
import type { NodeId } from './ids.ts'
import { recordedVersion } from './resolve-time.ts'
import { emptyGraph } from './state.ts'
import type { GraphSlice } from './state.ts'
import { loadedVersion, versionSaver } from './saved-version.ts'
import type { SavedVersion, SharedValues, VersionSaver } from './saved-version.ts'
import type { EdgeHistory, EdgeVersion, GraphVersion, NodeHistory } from './versions.ts'

/** The current graph as plain JSON: of each node and edge what decisions need, without the history before. */
export type SavedGraph = {
  readonly version: number
  readonly newest: GraphVersion | undefined
  readonly shared: SharedValues
  readonly nodes: readonly SavedNode[]
  readonly edges: readonly EdgeHistory[]
  readonly byIdentity: readonly (readonly [string, NodeId])[]
  readonly bindings: readonly (readonly [NodeId, NodeId])[]
  readonly imports: readonly ImportRecord[]
  readonly lastAttribution: number
}

/** `imported` is `newest` where the newest version has what imports gave, as most nodes do, and null where none gave any. */
type SavedNode = Omit<NodeHistory, 'kind' | 'alone' | 'versions' | 'imported'> & {
  readonly versions: readonly SavedVersion[]
  readonly imported: 'newest' | Properties | null
}

/** Takes the current graph out of a state; no import may be open. */
export function savedGraph(graph: GraphSlice): SavedGraph {
  // Up to the first version there is no history to leave out.
  const whole = graph.version <= 1
  const newest = recordedVersion(graph, graph.version)
  const saver = versionSaver()
  return {
    version: graph.version,
    newest: newest === undefined || whole ? newest : { ...newest, nodes: [], edges: [] },
    nodes: [...graph.nodes.values()].map((history) => savedNode(history, whole, saver)),
    shared: saver.shared,
    edges: [...graph.edges.values()].map((history) => ({
      ...history,
      ...keeping(history, whole ? history.versions : history.versions.slice(-1)),
    })),
    byIdentity: [...graph.byIdentity],
    bindings: [...graph.bindings],
    imports: [...graph.imports.values()],
    lastAttribution: graph.lastAttribution,
  }
}

/** Puts a saved graph back. What lies before its version is not loaded. */
export function loadedGraph(saved: SavedGraph): GraphSlice {
  const graph: GraphSlice = {
    ...emptyGraph(),
    version: saved.version,
    firstVersion: Math.max(1, saved.version),
    graphVersions: saved.newest === undefined ? [] : [saved.newest],
    byIdentity: new Map(saved.byIdentity),
    bindings: new Map(saved.bindings),
    lastAttribution: saved.lastAttribution,
  }
  for (const node of saved.nodes) graph.nodes.set(node.id, loadedNode(node, saved.shared))
  for (const edge of saved.edges)
    indexEdge(graph, { ...edge, lineage: edge.lineage, versions: edge.versions.map(loadedEdgeVersion) })
  for (const { effectiveAt, after, ...record } of saved.imports) {
    graph.imports.set(record.import, { ...record, effectiveAt, after })
    graph.lastImports.set(record.lineage, { ...record, effectiveAt, after })
  }
  return graph
}

/** Keeps the newest version, and the newest behind which is a provider's answer: "last observed" looks for that one. */
function savedNode(history: NodeHistory, whole: boolean, saver: VersionSaver): SavedNode {
  const { id, ownerships, attributions, origin, imported } = history
  const newest = history.versions.at(-1)
  const observed = history.versions.findLast(({ cause }) => isSeenAtProvider(cause))
  const kept = whole
    ? history.versions
    : history.versions.filter((version) => version === newest || version === observed)
  return {
    id,
    ...keeping(history, kept.map(saver.save)),
    ownerships: whole ? ownerships : ownerships.slice(-1),
    attributions: attributions.filter(({ version }) => kept.some((one) => one.version === version)),
    origin,
    imported: imported === undefined ? null : imported === newest?.properties ? 'newest' : imported,
  }
}

function keeping<Kept>(
  history: { readonly versions: readonly unknown[]; readonly skipped: number },
  kept: readonly Kept[],
): { versions: Kept[]; skipped: number } {
  return { versions: [...kept], skipped: history.skipped + history.versions.length - kept.length }
}

function loadedNode(saved: SavedNode, shared: SharedValues): NodeHistory {
  const versions = saved.versions.map((version) => loadedVersion(version, shared))
  const imported = saved.imported === 'newest' ? versions.at(-1)?.properties : (saved.imported ?? undefined)
  return { ...saved, kind: kindOf(saved.id), alone: [saved.id], versions, origin: saved.origin, imported }
}

/** JSON leaves out what is undefined; the same shape again keeps look-ups fast. */
function loadedEdgeVersion(saved: EdgeVersion): EdgeVersion {
  return { ...saved, effectiveAt: saved.effectiveAt }
}
