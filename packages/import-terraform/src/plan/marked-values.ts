import { isJsonArray, isSecretReference } from '@infraledger/core/adapter'
import type { JsonValue } from '@infraledger/core/adapter'
import type { Hide } from '../secrets/hide.ts'
import { isAttributes } from '../state/attributes.ts'
import type { Attributes } from '../state/attributes.ts'
import type { Marks } from './plan-schema.ts'

/**
 * Hides what a plan marks as sensitive. A mark on a part of a list whose lengths differ hides the whole list: rather too much than too
 * little.
 */
export function hideMarkedBy(attributes: Attributes, marks: Marks | undefined, hide: Hide): Attributes {
  if (marks === true) {
    return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, hide(value)]))
  }
  const hidden = hideParts(attributes, marks, hide)
  return isAttributes(hidden) ? hidden : attributes
}

function hideParts(value: JsonValue, marks: Marks | undefined, hide: Hide): JsonValue {
  if (marks === true) return hide(value)
  if (!isMarked(marks) || isSecretReference(value) || value === null) return value
  if (isJsonArray(value)) {
    if (!isMarksList(marks) || marks.length !== value.length) return hide(value)
    return value.map((item, index) => hideParts(item, marks[index], hide))
  }
  if (!isAttributes(value)) return hide(value)
  if (isMarksList(marks)) return hide(value)
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, hideParts(member, marksAt(marks, name), hide)]),
  )
}

/** The marks of a member. */
export function marksAt(marks: Marks | undefined, name: string): Marks | undefined {
  if (typeof marks !== 'object' || marks === null || isMarksList(marks)) return undefined
  return Object.hasOwn(marks, name) ? marks[name] : undefined
}

/** Whether anything is marked, at any depth. */
export function isMarked(marks: Marks | undefined): boolean {
  if (marks === true) return true
  if (typeof marks !== 'object' || marks === null) return false
  return Object.values(marks).some((part: Marks) => isMarked(part))
}

/** Whether marks are those of a list; `Array.isArray` does not narrow read-only lists. */
export function isMarksList(marks: Marks | undefined): marks is readonly Marks[] {
  return Array.isArray(marks)
}
