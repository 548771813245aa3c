import type { ExternalChange, ProviderRef } from '@infraledger/core/adapter'
import { typeOfAddress } from '../state/address.ts'
import { ownKind } from '../types/own-type.ts'
import { typeTranslation } from '../types/type-translations.ts'

/** A change as it was read, with the provider's handle where the plan tells it. */
export type ReadChange = { readonly change: Omit<ExternalChange, 'ref'>; readonly ref: ProviderRef | undefined }

/**
 * Splits changes of things that a `moved` block gives another type (`null_resource` to `terraform_data`): a node has one kind for life, so
 * the one is let go and the other is taken in, as the states before and after tell it.
 */
export function splitMovedTypes(read: readonly ReadChange[]): readonly ReadChange[] {
  const addresses = new Set(read.map(({ change }) => change.address))
  return read.flatMap((one) => {
    const { previousAddress: previous, ...change } = one.change
    const type = previous === undefined ? undefined : typeOfAddress(previous)
    const fate = FATES.get(change.action)
    if (previous === undefined || type === undefined || fate === undefined) return [one]
    const kind = typeTranslation(type)?.kind ?? ownKind(type)
    if (kind === change.kind) return [one]
    const arrived = { ...change, action: fate.arrives, reason: `moved from ${previous}` }
    const left = { address: previous, action: fate.leaves, properties: [], unknown: [], kind, key: change.key }
    // What is planned for the address that it left says what becomes of that.
    return addresses.has(previous)
      ? [{ ...one, change: arrived }]
      : [
          { ...one, change: arrived },
          { change: left, ref: undefined },
        ]
  })
}

type Fate = Readonly<Record<'arrives' | 'leaves', ExternalChange['action']>>

/** What becomes of both, by what the plan does to the thing that moved. */
const FATES: ReadonlyMap<ExternalChange['action'], Fate> = new Map([
  ['no-op', { arrives: 'import', leaves: 'forget' }],
  ['update', { arrives: 'import', leaves: 'forget' }],
  ['replace', { arrives: 'create', leaves: 'remove' }],
])
