import { isJsonArray, isSecretReference } from '@infraledger/core/adapter'
import type { JsonValue } from '@infraledger/core/adapter'
import { isAttributes } from '../state/attributes.ts'
import type { Attributes } from '../state/attributes.ts'
import { mapKey } from './property-key.ts'

/**
 * Attributes as flat paths. Maps and objects are split into their members (`tags["team"]`), so that one of them can change by itself;
 * lists are kept whole; what is null is left out, at any depth.
 *
 * @param blocks paths of blocks that are there at most once; a state holds them as lists of one object, and their members are spelled
 * as parts of the path (`settings.tier`)
 */
export function flattenAttributes(
  attributes: Attributes,
  blocks: ReadonlySet<string> = new Set(),
): Map<string, JsonValue> {
  const flat = new Map<string, JsonValue>()
  flattenInto(flat, attributes, '', blocks)
  return flat
}

function flattenInto(
  flat: Map<string, JsonValue>,
  attributes: Attributes,
  prefix: string,
  blocks: ReadonlySet<string>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    const path = prefix + name
    const block = blocks.has(path) ? blockContent(value) : undefined
    if (block !== undefined) flattenInto(flat, block, `${path}.`, blocks)
    else if (isAttributes(value) && !isSecretReference(value)) splitMap(flat, value, path)
    else if (value !== null) flat.set(path, withoutNulls(value))
  }
}

function splitMap(flat: Map<string, JsonValue>, map: Attributes, path: string): void {
  for (const [member, value] of Object.entries(map)) {
    if (value !== null) flat.set(mapKey(path, member), withoutNulls(value))
  }
}

/** The object of a block, empty for a block that is not there; undefined where the value is no block after all. */
function blockContent(value: JsonValue): Attributes | undefined {
  if (!isJsonArray(value)) return undefined
  if (value.length === 0) return {}
  const [only] = value
  return value.length === 1 && isAttributes(only) ? only : undefined
}

/** Providers add attributes that are null until somebody uses them; without this, an upgrade would look like a change. */
function withoutNulls(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (isJsonArray(value)) return value.map(withoutNulls)
  const entries = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(entries.map(([name, member]) => [name, withoutNulls(member)]))
}
