import type { JsonValue } from '@infraledger/core/adapter'
import { isAttributes } from '../state/attributes.ts'
import type { Attributes } from '../state/attributes.ts'
import { isTyped } from '../state/dynamic-values.ts'
import type { SensitivePath } from '../state/state-schema.ts'
import type { Hide } from './hide.ts'

/**
 * Hides what a state marks as sensitive (`sensitive_attributes`; its form: `marshalPaths` in OpenTofu's
 * `internal/states/statefile/version4.go`). A step that does not fit the value, such as one into a set, whose elements have no index,
 * hides the whole value that it stands before: rather too much than too little.
 */
export function hideMarked(attributes: Attributes, paths: readonly SensitivePath[], hide: Hide): Attributes {
  let hidden = attributes
  // Shorter paths first, so that what a value's fingerprint is does not depend on the order of the marks inside it.
  for (const path of paths.toSorted((a, b) => a.length - b.length)) {
    const result = path.length === 0 ? hideEach(hidden, hide) : hideAt(hidden, path, 0, hide)
    if (isAttributes(result)) hidden = result
  }
  return hidden
}

/** A mark on the resource itself: every attribute of it. */
function hideEach(attributes: Attributes, hide: Hide): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, hide(value)]))
}

function hideAt(value: JsonValue, path: SensitivePath, position: number, hide: Hide): JsonValue {
  const step = path[position]
  if (step === undefined) return hide(value)
  const key = stepKey(step)
  if (isAttributes(value) && typeof key === 'string') {
    const member = Object.hasOwn(value, key) ? value[key] : undefined
    // Deep inside, a value may be written together with its type; a mark leads into it as if it were not.
    if (member === undefined) return isTyped(value) ? hide(value) : value
    return { ...value, [key]: hideAt(member, path, position + 1, hide) }
  }
  if (Array.isArray(value) && typeof key === 'number') {
    return value.map((item: JsonValue, index) => (index === key ? hideAt(item, path, position + 1, hide) : item))
  }
  // At the top there is always an object: what does not fit there marks nothing that exists.
  return position === 0 ? value : hide(value)
}

/** An index is written with its type (`{ "value": 0, "type": "number" }`), a name plainly. */
function stepKey(step: SensitivePath[number]): unknown {
  const { type, value } = step
  if (type === 'get_attr') return value
  if (type !== 'index') return undefined
  const key = typeof value === 'object' && value !== null && 'value' in value ? value.value : value
  return typeof key === 'string' || typeof key === 'number' ? key : undefined
}
