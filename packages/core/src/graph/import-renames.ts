import type { NodeId } from './ids.ts'
import type { ImportedNode } from './imported-graph.ts'

/** Tells of which node was announced that it is going to be at an address, and where it was before. */
export type Renamed = (arriving: {
  readonly address: string
  readonly kind: string
  readonly lineage: string
}) => { readonly node: NodeId; readonly from: string } | undefined

/**
 * The things that were renamed as announced, with their nodes: each is no longer at its address before, or what is there now was
 * renamed, too (`a` to `b`, and `b` to `c`), perhaps by an import that was cut off behind it. Things that are to change places stay where they are, for nobody could tell whether they did.
 */
export function renamedThings(
  imported: readonly ImportedNode[],
  lineage: string,
  renamed: Renamed,
  nodeAt: (address: string) => NodeId | undefined,
): ReadonlyMap<ImportedNode, NodeId> {
  const announced = new Map<string, { readonly thing: ImportedNode; readonly node: NodeId }>()
  for (const thing of imported) {
    const known = renamed({ address: thing.address, kind: thing.kind, lineage })
    if (known !== undefined) announced.set(known.from, { thing, node: known.node })
  }
  const found = new Map<ImportedNode, NodeId>()
  if (announced.size === 0) return found
  const addresses = new Set(imported.map(({ address }) => address))
  for (const [from, first] of announced) {
    if (addresses.has(from) && nodeAt(from) === first.node) continue
    for (let next: typeof first | undefined = first; next !== undefined; next = announced.get(next.thing.address)) {
      found.set(next.thing, next.node)
    }
  }
  return found
}
