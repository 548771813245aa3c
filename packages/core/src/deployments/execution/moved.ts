import type { ResourceObservation } from '../../cloud/observation.ts'
import { compareValues } from '../../drift/compare.ts'
import type { EventData } from '../../environment/catalogue.ts'
import { DELETION_PROTECTION } from '../../graph/deletion-protection.ts'
import { kindOf } from '../../graph/ids.ts'
import { propertyOf } from '../../graph/kind-catalogue.ts'
import type { KindCatalogue } from '../../graph/kind-catalogue.ts'
import type { Step } from '../../planning/step.ts'
import { isTold } from '../read-back.ts'

/** That a resource is not as the plan expected it, and in what. */
export type Moved = {
  readonly reason: string
  readonly moved: readonly EventData<'DeploymentRevised'>['moved'][number][]
}

/**
 * How what a step is about to touch differs from what its plan was made on (DEPLOY 5): it is gone (another thing may bear its name),
 * deletion protection is on again (PROTECT 4), or properties have other values. Undefined where it is as expected.
 */
export function movedFrom(
  step: Step,
  observation: ResourceObservation | undefined,
  kinds: KindCatalogue,
): Moved | undefined {
  if (observation === undefined) return { reason: `${step.node} is gone at the provider`, moved: [] }
  const goes = step.operation === 'remove' || step.operation === 'take-last-copy'
  if (goes && observation.properties[DELETION_PROTECTION] === true) {
    return {
      reason: `deletion protection of ${step.node} is on`,
      moved: [{ property: DELETION_PROTECTION, observed: true }],
    }
  }
  const kind = kinds.orUnknown(kindOf(step.node))
  const moved = Object.entries(step.expected).flatMap(([property, expected]) => {
    const definition = propertyOf(kind, property)
    if (definition === undefined || !isTold(observation, property)) return []
    const observed = observation.properties[property]
    if (compareValues(definition, expected, observed) !== 'different') return []
    return [{ property, ...(definition.secret ? {} : { expected, observed: observed ?? null }) }]
  })
  if (moved.length === 0) return undefined
  const names = moved.map(({ property }) => property).join(', ')
  return { reason: `${names} of ${step.node} changed since it was planned`, moved }
}
