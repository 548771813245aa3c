import { compareValues, hasNone } from '../drift/compare.ts'
import type { MaybeValue } from '../drift/compare.ts'
import { mapOfKey, propertyOf } from '../graph/kind-catalogue.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import { kindOf } from '../graph/ids.ts'
import type { RecordedChange } from './external-plan.ts'

/** Whether only the execution tells the value of a property: any value is as announced then. */
export function isToldByExecution({ unknown }: RecordedChange, property: string): boolean {
  if (unknown.length === 0) return false
  const map = mapOfKey(property)
  return unknown.includes(property) || (map !== undefined && unknown.includes(`${map}[*]`))
}

/** Whether a value is what a change announces for a property: the planned one, or any where only the execution tells. */
export function isAsPlanned(
  change: RecordedChange,
  property: string,
  value: MaybeValue,
  kinds: KindCatalogue,
): boolean {
  const planned = change.properties.find((one) => one.property === property)
  // What is not mentioned comes with a thing that is made anew; of one that is changed, it was not announced.
  if (planned === undefined)
    return isToldByExecution(change, property) || change.action === 'create' || change.action === 'replace'
  return isToldByExecution(change, property) || isValueOf(change, planned, value, kinds)
}

/** Whether a value is the planned one; of secrets that cannot be compared, it is taken to be. */
export function isValueOf(
  change: RecordedChange,
  { property, after }: { readonly property: string; readonly after?: MaybeValue },
  value: MaybeValue,
  kinds: KindCatalogue,
): boolean {
  if (hasNone(after) || hasNone(value)) return hasNone(after) && hasNone(value)
  const definition = propertyOf(kinds.orUnknown(kindOf(change.node)), property)
  return definition !== undefined && compareValues(definition, after, value) !== 'different'
}
