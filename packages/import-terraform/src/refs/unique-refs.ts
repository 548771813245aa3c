import { refKey } from '@infraledger/core/adapter'
import type { ProviderRef } from '@infraledger/core/adapter'

/**
 * Takes the ref from all that share one. Attachments and policies often carry the id of what they belong to: two of them in one state
 * are two things, so their addresses have to tell them apart.
 */
export function uniqueRefs(refs: readonly (ProviderRef | undefined)[]): readonly (ProviderRef | undefined)[] {
  const uses = new Map<string, number>()
  for (const ref of refs) {
    if (ref !== undefined) uses.set(refKey(ref), (uses.get(refKey(ref)) ?? 0) + 1)
  }
  return refs.map((ref) => (ref !== undefined && uses.get(refKey(ref)) === 1 ? ref : undefined))
}
