import type { ImportedGraph } from '@infraledger/core/adapter'
import { STATE_LIMITS } from '../limits.ts'
import { moduleSteps, resourceAddress } from '../state/address.ts'
import { invalidState } from '../state/state-error.ts'
import type { StateInstance } from '../state/state-instances.ts'
import { dependencyIndex } from './dependency-index.ts'
import { dependencyTargets } from './dependency-targets.ts'
import { directDependencies } from './direct-dependencies.ts'

/**
 * The edges of a state: `depends-on`, from an instance to what it depends on directly.
 *
 * @throws LedgerError `input-invalid` for more edges than a ledger takes at once
 */
export function dependsOnEdges(instances: readonly StateInstance[], name: string): ImportedGraph['edges'] {
  const index = dependencyIndex(instances)
  const direct = directDependencies(instances, index)
  const siblings = countByResource(instances)
  const edges: ImportedGraph['edges'][number][] = []
  for (const [position, instance] of instances.entries()) {
    const fromModule = moduleSteps(instance.module)
    const fromCount = siblings.get(resourceOf(instance)) ?? 1
    for (const config of direct[position] ?? []) {
      for (const target of dependencyTargets(instance, fromModule, fromCount, index.resources(config))) {
        edges.push({ kind: 'depends-on', from: instance.address, to: target.address })
      }
    }
    if (edges.length > STATE_LIMITS.edges) throw tooMany(name)
  }
  return edges
}

function countByResource(instances: readonly StateInstance[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const instance of instances) counts.set(resourceOf(instance), (counts.get(resourceOf(instance)) ?? 0) + 1)
  return counts
}

function resourceOf({ module, type, name }: StateInstance): string {
  return resourceAddress(module, type, name)
}

function tooMany(name: string): Error {
  const problem = `more than ${STATE_LIMITS.edges} dependencies between instances`
  return invalidState(
    name,
    [{ path: 'resources', problem }],
    'Split the state (terraform state mv) and import the parts',
  )
}
