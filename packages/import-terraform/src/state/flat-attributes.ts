import type { JsonValue } from '@infraledger/core/adapter'
import type { Attributes } from './attributes.ts'

/**
 * Expands the flat attributes of Terraform 0.11 (`tags.%: "1"`, `tags.team: "core"`, `subnets.#: "1"`, `subnets.0: "a"`). The values
 * stay text, because the form has no types. Elements of sets, whose keys are hashes, come in the order of those keys.
 */
export function expandFlatAttributes(flat: { readonly [key: string]: string }): Attributes {
  return expandObject(Object.entries(flat))
}

type Entries = readonly (readonly [key: string, value: string])[]

function expandObject(entries: Entries): Attributes {
  const byName = Map.groupBy(entries, ([key]) => headOf(key))
  const found: Record<string, JsonValue> = {}
  for (const [name, members] of byName) found[name] = expandValue(name, members)
  return found
}

function expandValue(name: string, entries: Entries): JsonValue {
  const plain = entries.find(([key]) => key === name)
  if (plain !== undefined && entries.length === 1) return plain[1]
  const inside: Entries = entries
    .filter(([key]) => key !== name)
    .map(([key, value]) => [key.slice(name.length + 1), value])
  // The keys of a map may hold dots and are taken whole.
  if (inside.some(([key]) => key === '%')) return Object.fromEntries(inside.filter(([key]) => key !== '%'))
  if (!inside.some(([key]) => key === '#')) return expandObject(inside)
  const items = Map.groupBy(
    inside.filter(([key]) => key !== '#'),
    ([key]) => headOf(key),
  )
  return [...items].toSorted(([a], [b]) => Number(a) - Number(b)).map(([index, members]) => expandValue(index, members))
}

function headOf(key: string): string {
  const dot = key.indexOf('.')
  return dot === -1 ? key : key.slice(0, dot)
}
