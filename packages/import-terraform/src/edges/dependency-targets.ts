import type { ModuleStep } from '../state/address.ts'
import type { StateInstance } from '../state/state-instances.ts'
import type { IndexedResource } from './dependency-index.ts'

/** Pairs of instances between two resources up to which all of them are linked. */
const FAN_OUT = 10_000

/**
 * The instances that a dependency means. States name no instances, so it means all of them, with two exceptions: what lives in the same
 * instance of a module depends on that instance only (`module.app["eu"]` not on `module.app["us"]`), and between two resources with very
 * many instances each only those with the same key are linked.
 */
export function dependencyTargets(
  from: StateInstance,
  fromModule: readonly ModuleStep[],
  fromCount: number,
  resources: readonly IndexedResource[],
): readonly StateInstance[] {
  const near = resources.filter((resource) => sharesModule(fromModule, resource.moduleSteps))
  const meant = near.length > 0 ? near : resources
  const count = meant.reduce((sum, resource) => sum + resource.instances.length, 0)
  const pairwise = fromCount > 1 && count > 1 && fromCount * count > FAN_OUT
  return meant.flatMap((resource) =>
    pairwise ? resource.instances.filter((target) => target.indexKey === from.indexKey) : resource.instances,
  )
}

/** Whether two module paths go through the same instances as long as they go through the same modules. */
function sharesModule(a: readonly ModuleStep[], b: readonly ModuleStep[]): boolean {
  for (const [position, step] of a.entries()) {
    const other = b[position]
    if (other === undefined || other.name !== step.name) return true
    if (other.key !== step.key) return false
  }
  return true
}
