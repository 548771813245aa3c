import type { NodeHistory } from '../graph/versions.ts'

/** Where the versions of a node set or unset each property, and where its incarnations begin: places in `versions`, ascending. */
export type PropertyIndex = {
  readonly byProperty: ReadonlyMap<string, readonly number[]>
  readonly beginnings: readonly number[]
}

type Growing = { upTo: number; readonly byProperty: Map<string, number[]>; readonly beginnings: number[] }

const indexes = new WeakMap<NodeHistory, Growing>()

/** The index of a node's versions: made when first asked for, then extended by what came since. */
export function propertyIndex(history: NodeHistory): PropertyIndex {
  const index: Growing = indexes.get(history) ?? { upTo: 0, byProperty: new Map(), beginnings: [] }
  indexes.set(history, index)
  for (; index.upTo < history.versions.length; index.upTo++) {
    const version = history.versions[index.upTo]
    if (version === undefined) break
    const before = history.versions[index.upTo - 1]
    if (before === undefined || before.incarnation !== version.incarnation) index.beginnings.push(index.upTo)
    for (const property of version.changed) {
      const places = index.byProperty.get(property)
      if (places === undefined) index.byProperty.set(property, [index.upTo])
      else places.push(index.upTo)
    }
  }
  return index
}

/** The last of some ascending places that is not after a limit, by halving; undefined where all are. */
export function lastPlace(places: readonly number[], limit: number): number | undefined {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] ?? Infinity) <= limit) low = middle + 1
    else high = middle
  }
  return places[low - 1]
}
