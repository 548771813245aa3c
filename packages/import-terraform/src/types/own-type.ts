import type { Properties } from '@infraledger/core/adapter'
import { flattenAttributes } from '../properties/flatten.ts'
import type { Attributes } from '../state/attributes.ts'

/** The kind of a type that has no neutral one: its own name, in the form of kinds. */
export function ownKind(type: string): string {
  const kind = type.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '_')
  return /^[a-z]/.test(kind) ? kind : `x${kind}`
}

/** Properties of such a type: its attributes under their Terraform names, maps split into their members. */
export function ownProperties(attributes: Attributes): Properties {
  return Object.fromEntries(flattenAttributes(attributes))
}
