import { refKey } from '../cloud/provider-ref.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { NodeId } from './ids.ts'
import type { ImportedNode } from './imported-graph.ts'
import { renamedThings } from './import-renames.ts'
import type { Renamed } from './import-renames.ts'
import { isManaged, newestVersion, nodeByRef, originKey } from './state.ts'
import type { GraphSlice } from './state.ts'

/**
 * Which node an imported thing is. `known`: the same thing as before, perhaps under another address. `replaced`: another thing at
 * its address, so the id goes on with a new incarnation. `new`: not known, or known and gone. `left`: managed, so not the import's.
 */
export type Match = {
  readonly imported: ImportedNode
  readonly node: NodeId
  readonly fate: 'known' | 'replaced' | 'new' | 'left'
}

/**
 * Finds the nodes of imported things. Identity is the provider's id, then its name where there is no id, then the address in the lineage.
 * Where address and id agree that comes first, so that ids which are not unique after all do not make nodes swap places. What was
 * announced to be renamed is the same thing at its new address.
 */
export function matchNodes(
  graph: GraphSlice,
  lineage: string,
  imported: readonly ImportedNode[],
  renamed: Renamed = () => undefined,
): readonly Match[] {
  const claimed = new Set<NodeId>()
  const found = new Map<ImportedNode, Match>()
  const claim = (thing: ImportedNode, node: NodeId | undefined, replaced = false): void => {
    if (node === undefined || claimed.has(node) || graph.nodes.get(node)?.kind !== thing.kind) return
    claimed.add(node)
    found.set(thing, { imported: thing, node, fate: fateOf(graph, node, replaced) })
  }
  const byAddress = new Map(imported.map((thing) => [thing, nodeByAddress(graph, lineage, thing.address)]))
  const open = (): readonly ImportedNode[] => imported.filter((thing) => !found.has(thing))

  for (const [thing, node] of renamedThings(imported, lineage, renamed, (address) =>
    nodeByAddress(graph, lineage, address),
  ))
    if (!isAnother(newestVersion(graph, node)?.ref, thing.ref)) claim(thing, node)
  for (const thing of open()) {
    const node = byAddress.get(thing)
    if (node !== undefined && !isAnother(newestVersion(graph, node)?.ref, thing.ref)) claim(thing, node)
  }
  for (const thing of open()) claim(thing, nodeByIdentity(graph, thing.ref))
  for (const thing of open()) {
    const node = byAddress.get(thing)
    const isOurs = node !== undefined && newestVersion(graph, node)?.retired === undefined && isManaged(graph, node)
    if (!isOurs) claim(thing, node, true)
  }
  const nextSuffix = new Map<NodeId, number>()
  return imported.map(
    (thing) => found.get(thing) ?? { imported: thing, node: freeId(graph, claimed, nextSuffix, thing), fate: 'new' },
  )
}

function fateOf(graph: GraphSlice, node: NodeId, replaced: boolean): Match['fate'] {
  const retired = newestVersion(graph, node)?.retired
  // Only an import that was interrupted in the middle of a replacement leaves it so: what followed the retirement is still to come.
  if (retired === 'replaced') return 'replaced'
  if (retired !== undefined) return 'new'
  if (isManaged(graph, node)) return 'left'
  return replaced ? 'replaced' : 'known'
}

/** The node that this lineage found at an address last. */
function nodeByAddress(graph: GraphSlice, lineage: string, address: string): NodeId | undefined {
  const node = graph.byIdentity.get(originKey(lineage, address))
  const origin = node === undefined ? undefined : graph.nodes.get(node)?.origin
  return origin?.lineage === lineage && origin.address === address ? node : undefined
}

/** The node that the provider's handle names: by immutable id also one that is gone, by name only a living one. */
function nodeByIdentity(graph: GraphSlice, ref: ProviderRef | undefined): NodeId | undefined {
  if (ref === undefined) return undefined
  return (ref.id === undefined ? undefined : graph.byIdentity.get(refKey(ref))) ?? nodeByRef(graph, ref)
}

function isAnother(known: ProviderRef | undefined, stated: ProviderRef | undefined): boolean {
  return known?.id !== undefined && stated?.id !== undefined && refKey(known) !== refKey(stated)
}

/** `<kind>/<key>`, or where another thing has it, `<kind>/<key>~2` and so on (GRAPH 6). */
function freeId(
  graph: GraphSlice,
  claimed: Set<NodeId>,
  nextSuffix: Map<NodeId, number>,
  { kind, key }: ImportedNode,
): NodeId {
  const wanted: NodeId = `${kind}/${key}`
  let node = wanted
  for (let suffix = nextSuffix.get(wanted) ?? 2; graph.nodes.has(node) || claimed.has(node); suffix++) {
    node = `${wanted}~${suffix}`
    nextSuffix.set(wanted, suffix + 1)
  }
  claimed.add(node)
  return node
}
