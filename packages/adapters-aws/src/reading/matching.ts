import type { ProviderRef } from '@infraledger/core/adapter'

/**
 * The one of several that a ref means. By immutable id where it has one, whatever it is called by now; and where several have that id, as on
 * servers that imitate RDS and give all instances the same, by the name among them.
 */
export function meant<T>(
  ref: Pick<ProviderRef, 'id' | 'name'>,
  all: readonly T[],
  told: (one: T) => { readonly id: string | undefined; readonly name: string },
): T | undefined {
  const isNamed = (one: T): boolean => told(one).name.toLowerCase() === ref.name.toLowerCase()
  if (ref.id === undefined) return all.find(isNamed)
  const same = all.filter((one) => told(one).id === ref.id)
  return same.find(isNamed) ?? (same.length === 1 ? same[0] : undefined)
}
