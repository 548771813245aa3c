import { clearsProtection } from '../graph/deletion-protection.ts'
import type { PropertyDefinition } from '../graph/kind.ts'
import { isSecretReference } from '../graph/secret.ts'
import type { JsonValue } from '../json.ts'

/** Whether a value is less than what is there of something that only grows (DRIFT 15). */
export function wouldShrink(
  { growthOnly }: PropertyDefinition,
  value: JsonValue,
  there: JsonValue | undefined,
): boolean {
  return growthOnly && typeof value === 'number' && typeof there === 'number' && value < there
}

/** Why the code does not write a value that it asks for; undefined where it does. A person may still ask for it, in a change request. */
export function notByCode(
  property: string,
  { prefixMatch }: PropertyDefinition,
  value: JsonValue,
  there: JsonValue | undefined,
): string | undefined {
  if (clearsProtection(property, value)) return 'a person switches it off at the provider, never a deployment'
  if (!prefixMatch || typeof value !== 'string' || typeof there !== 'string') return undefined
  const [wanted, current] = [value.split('.'), there.split('.')]
  if (wanted[0] !== current[0]) return 'another major version takes a change request, never the code alone'
  return isBefore(wanted, current) ? 'versions only go forward' : undefined
}

/** Why drift on an enforced property is not reversed; undefined where it is. */
export function notReversed(
  property: string,
  definition: PropertyDefinition | undefined,
  recorded: JsonValue,
  observed: JsonValue | undefined,
): string | undefined {
  if (clearsProtection(property, recorded)) return 'a person switches it off at the provider, never a deployment'
  if (definition !== undefined && wouldShrink(definition, recorded, observed)) return 'it only grows'
  if (isSecretReference(recorded) && recorded.$secret.reference === undefined) return 'where it is kept is not known'
  return undefined
}

function isBefore(wanted: readonly string[], current: readonly string[]): boolean {
  for (const [index, part] of wanted.entries()) {
    const [left, right] = [Number(part), Number(current[index])]
    if (Number.isNaN(left) || Number.isNaN(right)) return false
    if (left !== right) return left < right
  }
  return false
}
