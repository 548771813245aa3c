import type { Attributes } from '@infraledger/core'

/** Different values that one attribute of metrics may have; further ones are told as `_OTHER`. */
export const VALUES_PER_ATTRIBUTE = 100

const OTHER = '_OTHER'

/**
 * Keeps the attributes of metrics few: each combination of values is a series that somebody keeps and pays for, and a fleet that makes an
 * environment for each pull request would never stop to add some.
 */
export function boundedValues(): (attributes: Attributes) => Attributes {
  const known = new Map<string, Set<string>>()

  function isKept(name: string, value: string): boolean {
    const values = known.get(name) ?? new Set()
    known.set(name, values)
    if (values.has(value)) return true
    if (values.size >= VALUES_PER_ATTRIBUTE) return false
    values.add(value)
    return true
  }

  return (attributes) =>
    Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        name,
        typeof value === 'string' && !isKept(name, value) ? OTHER : value,
      ]),
    )
}
