import { meets, sameValue } from '../graph/property-values.ts'
import type { PropertyDefinition } from '../graph/kind.ts'
import { compareSecrets, isSecretReference } from '../graph/secret.ts'
import type { JsonValue } from '../json.ts'

/** A property's value; `undefined` and `null` both say that there is none. */
export type MaybeValue = JsonValue | undefined

/** `unknown`: nothing can be said, so nothing is decided (secrets under different keys or without fingerprints). */
export type Comparison = 'same' | 'different' | 'unknown'

/**
 * Compares what is recorded with what is observed. Lists without order compare as sets, secrets by fingerprint, and a recorded version
 * prefix ("15") is met by what lies within it ("15.4"); a full version that moved ("15.4" to "15.6") is different. Numbers and strings
 * are never the same: an adapter that confuses them must be seen. An empty list or object is as much as none, for one source tells what
 * another leaves out; an empty text is a value (a label may have it).
 */
export function compareValues(definition: PropertyDefinition, recorded: MaybeValue, observed: MaybeValue): Comparison {
  if (hasNone(recorded) || hasNone(observed)) return saysNone(recorded) && saysNone(observed) ? 'same' : 'different'
  if (isSecretReference(recorded) && isSecretReference(observed)) return compareSecrets(recorded, observed)
  if (definition.secret || isSecretReference(recorded) || isSecretReference(observed)) return 'unknown'
  if (sameValue(definition, recorded, observed)) return 'same'
  return definition.prefixMatch && meets({ ...definition, growthOnly: false }, recorded, observed)
    ? 'same'
    : 'different'
}

/** Whether what is observed is what was asked for, or for growth-only values more than that (CHANGE 7). Unknown is not. */
export function isMet(definition: PropertyDefinition, wanted: MaybeValue, observed: MaybeValue): boolean {
  if (compareValues(definition, wanted, observed) === 'same') return true
  return definition.growthOnly && hasGrown(wanted, observed)
}

/** Whether a number became larger. */
export function hasGrown(before: MaybeValue, after: MaybeValue): boolean {
  return typeof before === 'number' && typeof after === 'number' && after > before
}

/** Whether there is no value, or one that holds nothing. */
function saysNone(value: MaybeValue): boolean {
  return hasNone(value) || (typeof value === 'object' && Object.keys(value).length === 0)
}

/** Whether there is no value. */
export function hasNone(value: MaybeValue): value is null | undefined {
  return value === undefined || value === null
}
