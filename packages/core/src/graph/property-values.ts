import { isJsonArray, canonicalJson, jsonEqual } from '../json.ts'
import type { JsonValue } from '../json.ts'
import type { PropertyDefinition } from './kind.ts'
import { compareSecrets, isSecretReference } from './secret.ts'

/** Whether two values of a property are the same thing: lists without order compare as sets, secrets by fingerprint. */
export function sameValue(definition: PropertyDefinition, a: JsonValue, b: JsonValue): boolean {
  if (isSecretReference(a) && isSecretReference(b)) return compareSecrets(a, b) !== 'different'
  if (definition.unordered && isJsonArray(a) && isJsonArray(b)) {
    return a.length === b.length && jsonEqual(a.map(canonicalJson).toSorted(), b.map(canonicalJson).toSorted())
  }
  return jsonEqual(a, b)
}

/** Whether what is there meets what is wanted: equal, a version within the wanted prefix ("15" by "15.4"), or grown beyond it. */
export function meets(definition: PropertyDefinition, wanted: JsonValue, there: JsonValue): boolean {
  if (sameValue(definition, wanted, there)) return true
  if (definition.prefixMatch && typeof wanted === 'string' && typeof there === 'string')
    return there.startsWith(`${wanted}.`)
  return definition.growthOnly && typeof wanted === 'number' && typeof there === 'number' && there > wanted
}
