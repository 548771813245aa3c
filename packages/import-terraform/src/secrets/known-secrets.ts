import { isJsonArray, isSecretReference } from '@infraledger/core/adapter'
import type { JsonValue } from '@infraledger/core/adapter'
import { isAttributes } from '../state/attributes.ts'
import type { Attributes } from '../state/attributes.ts'
import type { Hide } from './hide.ts'
import { hideMirrored } from './mirrored-secrets.ts'
import { secretAttributes } from './secret-attributes.ts'
import { holdsSecret } from './secret-content.ts'
import { isReferenceToSecret, isSecretName } from './secret-names.ts'

/** Maps that anybody who may look at a resource can read: their keys say nothing about secrets. */
const PUBLIC_MAPS = new Set(['tags', 'tags_all', 'labels', 'user_labels', 'effective_labels', 'terraform_labels'])

/**
 * Hides the secrets that no mark tells: attributes that are secret by their type or name, and text that holds a secret by its form.
 * Text that is JSON itself (container definitions, policies) is looked into, and hidden whole if there is a secret inside.
 */
export function hideKnown(type: string, attributes: Attributes, hide: Hide): Attributes {
  let hidden = hideMirrored(type, attributes, hide)
  for (const path of secretAttributes(type, attributes)) {
    const result = hidePath(hidden, path.split('.'), hide)
    if (isAttributes(result)) hidden = result
  }
  return mapMembers(hidden, (value, name) => hideNamed(value, name, hide))
}

function hidePath(value: JsonValue, path: readonly string[], hide: Hide): JsonValue {
  const [step, ...rest] = path
  if (step === undefined) return hide(value)
  if (isJsonArray(value)) return value.map((item) => hidePath(item, path, hide))
  const member = isAttributes(value) && Object.hasOwn(value, step) ? value[step] : undefined
  return isAttributes(value) && member !== undefined ? { ...value, [step]: hidePath(member, rest, hide) } : value
}

/** A value that stands under a name. */
function hideNamed(value: JsonValue, name: string, hide: Hide): JsonValue {
  if (typeof value === 'string') return isSecretText(value, name) ? hide(value) : value
  if (isJsonArray(value)) return mapItems(value, (item) => hideNamed(item, name, hide))
  if (!isAttributes(value) || isSecretReference(value)) return value
  if (PUBLIC_MAPS.has(name)) return mapMembers(value, (member) => hideNamed(member, '', hide))
  const told = value['name'] ?? value['key']
  // Environment variables and the like: `{ "name": "DB_PASSWORD", "value": "…" }`.
  const pair = typeof told === 'string' ? told : isSecretName(name) ? name : undefined
  const isManifest = value['kind'] === 'Secret'
  return mapMembers(value, (member, memberName) => {
    if (isManifest && MANIFEST_DATA.has(memberName)) return hide(member)
    return hideNamed(member, pair !== undefined && VALUE_OF_NAME.has(memberName) ? pair : memberName, hide)
  })
}

/** Members that are what their surroundings name: of a pair, or of a parameter (`MasterUserPassword: { Default: "…" }`). */
const VALUE_OF_NAME = new Set(['value', 'Value', 'default', 'Default'])
/** What a `Secret` of Kubernetes holds. */
const MANIFEST_DATA = new Set(['data', 'stringData', 'string_data', 'binaryData', 'binary_data'])

function isSecretText(text: string, name: string): boolean {
  if (holdsSecret(text)) return true
  if (isSecretName(name)) return !isReferenceToSecret(text)
  return text.startsWith('{') || text.startsWith('[') ? holdsSecretAsJson(text) : false
}

function holdsSecretAsJson(text: string): boolean {
  let found = false
  const note: Hide = (value) => {
    found = true
    return value
  }
  try {
    // A new value each time, of which only the side effect counts: whether anything in it would be hidden.
    const value: JsonValue = JSON.parse(text)
    hideNamed(value, '', note)
  } catch {
    return false
  }
  return found
}

/** The same object where nothing changed, so that most attributes are never copied. */
function mapMembers(value: Attributes, change: (member: JsonValue, name: string) => JsonValue): Attributes {
  let copy: Record<string, JsonValue> | undefined
  for (const [name, member] of Object.entries(value)) {
    const changed = change(member, name)
    if (changed !== member) {
      copy ??= { ...value }
      copy[name] = changed
    }
  }
  return copy ?? value
}

function mapItems(items: readonly JsonValue[], change: (item: JsonValue) => JsonValue): readonly JsonValue[] {
  const changed = items.map(change)
  return changed.some((item, index) => item !== items[index]) ? changed : items
}
