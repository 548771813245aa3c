import type { JsonValue, Properties } from '../json.ts'
import { kindOf } from './ids.ts'
import type { NodeId } from './ids.ts'
import { propertyOf } from './kind-catalogue.ts'
import type { KindCatalogue } from './kind-catalogue.ts'
import { sameValue } from './property-values.ts'
import { aliveVersion } from './state.ts'
import type { GraphSlice } from './state.ts'

/**
 * What a newly imported state changes about a known node: the three-way difference between the state, what imports said before, and
 * what the ledger has. A value that the state says as before is no news, so what was observed since stays. A property that it says no
 * longer goes, unless something else has changed it meanwhile. And a node that was observed to have drifted after the state was made
 * keeps the values it was seen with.
 */
export function importedChange(
  graph: GraphSlice,
  kinds: KindCatalogue,
  node: NodeId,
  stated: Properties,
  effectiveAt: string | undefined,
): { readonly set: Properties; readonly unset: readonly string[] } {
  const newest = aliveVersion(graph, node)
  const there = newest?.properties ?? {}
  const before = graph.nodes.get(node)?.imported ?? {}
  const kind = kinds.orUnknown(kindOf(node))
  const same = (property: string, a: JsonValue | undefined, b: JsonValue | undefined): boolean => {
    if (a === undefined || b === undefined) return a === b
    const definition = a === b ? undefined : propertyOf(kind, property)
    return a === b || (definition !== undefined && sameValue(definition, a, b))
  }
  const seenSince =
    effectiveAt !== undefined &&
    newest !== undefined &&
    (newest.cause.type === 'drift' ||
      (newest.cause.type === 'external-deployment' && newest.cause.observation !== undefined)) &&
    Date.parse(newest.effectiveAt ?? newest.recordedAt) > Date.parse(effectiveAt)

  const set: Record<string, JsonValue> = {}
  for (const property in stated) {
    const [value, current] = [stated[property], there[property]]
    if (value === undefined || same(property, value, current)) continue
    const isNews = !same(property, value, before[property])
    if (isNews && (current === undefined || !seenSince)) set[property] = value
  }
  if (seenSince) return { set, unset: [] }
  const unset = Object.keys(before).filter(
    (property) =>
      !Object.hasOwn(stated, property) &&
      Object.hasOwn(there, property) &&
      same(property, before[property], there[property]),
  )
  return { set, unset }
}
