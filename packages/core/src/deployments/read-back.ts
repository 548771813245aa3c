import type { ResourceObservation } from '../cloud/observation.ts'
import { compareValues, isMet } from '../drift/compare.ts'
import { kindOf } from '../graph/ids.ts'
import { mapOfKey, propertyOf } from '../graph/kind-catalogue.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import type { Step } from '../planning/step.ts'

/**
 * Properties that a step was to write and that read back otherwise, although the provider says that it is done: somebody has changed
 * them since. They are no outcome of the step (DEPLOY 7) and fulfil no request (CHANGE 5); the next scan decides about them. What is
 * not read back at all counts as written.
 */
export function changedSince(
  step: Step,
  observation: ResourceObservation | null,
  kinds: KindCatalogue,
): ReadonlySet<string> {
  const kind = kinds.orUnknown(kindOf(step.node))
  const changed = Object.entries(step.changes).flatMap(([property, wanted]) => {
    const definition = propertyOf(kind, property)
    if (observation === null || definition === undefined || !isTold(observation, property)) return []
    const there = observation.properties[property]
    return compareValues(definition, wanted, there) !== 'different' || isMet(definition, wanted, there)
      ? []
      : [property]
  })
  return new Set(changed)
}

/** Whether an observation says anything about a property, and be it that a map has no such member. */
export function isTold({ properties, completeMaps }: ResourceObservation, property: string): boolean {
  const map = mapOfKey(property)
  return Object.hasOwn(properties, property) || (map !== undefined && completeMaps.includes(map))
}
