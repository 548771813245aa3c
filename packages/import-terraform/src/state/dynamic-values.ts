import type { JsonValue } from '@infraledger/core/adapter'
import { isAttributes } from './attributes.ts'
import type { Attributes } from './attributes.ts'

/** How deep a type may be nested to be taken for one. */
const TYPE_DEPTH = 32
const PRIMITIVES: ReadonlySet<unknown> = new Set(['string', 'number', 'bool', 'dynamic'])
const COLLECTIONS: ReadonlySet<unknown> = new Set(['list', 'set', 'map'])

/**
 * Attributes as configuration and plans have them. A state writes the value of an attribute that may be of any type (`input` of
 * `terraform_data`, `manifest` of `kubernetes_manifest`) together with its type: `{ "value": …, "type": ["object", …] }`. Marks of
 * sensitive parts lead into the value as if the type were not there. Source: cty's `json.Marshal` of a value whose type is not fixed.
 */
export function plainValues(attributes: Attributes): Attributes {
  if (!Object.values(attributes).some(isTyped)) return attributes
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, isTyped(value) ? value.value : value]),
  )
}

/** Whether a value is written together with its type. */
export function isTyped(value: JsonValue): value is { readonly value: JsonValue; readonly type: JsonValue } {
  if (!isAttributes(value) || Object.keys(value).length !== 2) return false
  return Object.hasOwn(value, 'value') && Object.hasOwn(value, 'type') && isType(value['type'])
}

function isType(type: unknown, depth = 0): boolean {
  if (depth > TYPE_DEPTH) return false
  if (PRIMITIVES.has(type)) return true
  if (!Array.isArray(type) || type.length < 2) return false
  const [constructor, inner]: readonly unknown[] = type
  if (COLLECTIONS.has(constructor)) return isType(inner, depth + 1)
  if (constructor === 'tuple') return Array.isArray(inner) && inner.every((item) => isType(item, depth + 1))
  return (
    constructor === 'object' && isAttributes(inner) && Object.values(inner).every((item) => isType(item, depth + 1))
  )
}
