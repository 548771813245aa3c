import type { JsonValue, Properties } from '@infraledger/core/adapter'
import type { Identity } from '../refs/instance-ref.ts'
import type { Attributes } from '../state/attributes.ts'

/** How one attribute becomes one neutral property: its value must be of this sort, or it stays under `provider.*`. */
export type NeutralAttribute = { readonly to: string; readonly as: 'text' | 'number' | 'flag' | 'secret' }

/** How resources of one Terraform type become nodes of a neutral kind. Whatever it does not translate stays under `provider.*`. */
export type TypeTranslation = {
  readonly kind: string
  /** Blocks that are there at most once, by path. */
  readonly blocks?: readonly string[]
  /** Brings attributes of different provider versions into one form. */
  readonly prepare?: (attributes: Attributes) => Attributes
  /** Attributes that have a neutral name, by path. */
  readonly neutral?: { readonly [path: string]: NeutralAttribute }
  /** Maps of labels, best first: the first one that is there is taken, the others are left out. */
  readonly labels?: readonly string[]
  /** What takes more than a new name. */
  readonly derive?: (attributes: Attributes) => Derived
  /** From which attributes derived properties come, where a plan may not know those yet: by property, their paths. */
  readonly derivedFrom?: { readonly [property: string]: readonly string[] }
  /** Identity at the provider, where it is not the ARN, self link or id. */
  readonly identity?: (attributes: Attributes) => Identity | undefined
}

/** Derived properties, and the paths of the attributes that they say in full. */
export type Derived = {
  readonly properties: { readonly [property: string]: JsonValue | undefined }
  readonly said: readonly string[]
}

/** Properties without those that are not given. */
export function given(properties: { readonly [property: string]: JsonValue | undefined }): Properties {
  const found: Record<string, JsonValue> = {}
  for (const [property, value] of Object.entries(properties)) if (value !== undefined) found[property] = value
  return found
}
