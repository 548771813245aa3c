import type { GraphDraft } from './build.ts'
import type { ImportedGraph } from './imported-graph.ts'
import type { Match } from './import-matching.ts'
import { edgeId } from './ids.ts'
import type { EdgeId, NodeId } from './ids.ts'
import { edgeAlive, isManaged } from './state.ts'
import type { GraphSlice } from './state.ts'
import type { EdgeHistory } from './versions.ts'

/**
 * Records the edges of an imported state and retires those that its lineage no longer has. Edges that our
 * own deployments drew stay ours; what a managed node needs is the ledger's to say.
 */
export function recordEdges(
  graph: GraphSlice,
  draft: GraphDraft,
  lineage: string,
  edges: ImportedGraph['edges'],
  matches: readonly Match[],
): void {
  const byAddress = new Map(matches.map((match) => [match.imported.address, match]))
  const stated = new Set<EdgeId>()
  for (const { kind, from, to } of edges) {
    const [source, target] = [byAddress.get(from), byAddress.get(to)]
    if (source === undefined || target === undefined || source.fate === 'left') continue
    const id = edgeId(kind, source.node, target.node)
    stated.add(id)
    // One that is drawn already changes only if another lineage drew it.
    if (!draft.isEdgeAlive(id) || graph.edges.get(id)?.lineage !== undefined)
      draft.edgeVersion(kind, source.node, target.node, { lineage })
  }
  for (const edge of graph.edges.values()) {
    if (edge.lineage !== lineage || stated.has(edge.id) || isManaged(graph, edge.from)) continue
    draft.retireEdge(edge.id)
  }
}

/** Draws the edges of a replaced node again that are not the import's own: needs stay bound and services go on using it. */
export function redrawEdges(graph: GraphSlice, draft: GraphDraft, lineage: string, node: NodeId): void {
  for (const id of [...(graph.outgoing.get(node) ?? []), ...(graph.incoming.get(node) ?? [])]) {
    const edge = graph.edges.get(id)
    if (edge !== undefined && edgeAlive(edge)) redraw(draft, lineage, edge)
  }
}

/** The same where an import that is gone on with was interrupted between a replacement and the edges that were to follow it. */
export function redrawInterrupted(graph: GraphSlice, draft: GraphDraft, lineage: string): void {
  // A graph version that is visible already was another change's.
  const { openImport, building } = graph
  const begun =
    openImport !== undefined && building !== undefined && building.version > graph.version ? building : undefined
  for (const id of begun?.edges ?? []) {
    const edge = graph.edges.get(id)
    if (edge !== undefined && !edgeAlive(edge) && draft.isAlive(edge.from) && draft.isAlive(edge.to))
      redraw(draft, lineage, edge)
  }
}

function redraw(draft: GraphDraft, lineage: string, edge: EdgeHistory): void {
  const attributes = edge.versions.at(-1)?.attributes
  if (attributes === undefined || edge.lineage === lineage) return
  const drawnBy = edge.lineage === undefined ? {} : { lineage: edge.lineage }
  draft.edgeVersion(edge.kind, edge.from, edge.to, { attributes, ...drawnBy })
}
