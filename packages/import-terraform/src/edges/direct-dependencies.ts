import { configAddress, resourceAddress } from '../state/address.ts'
import type { StateInstance } from '../state/state-instances.ts'
import type { DependencyIndex } from './dependency-index.ts'

/**
 * The configuration addresses that each instance depends on directly, by number.
 *
 * Terraform lists nearly all ancestors of a resource (all of them before 1.11: hashicorp/terraform#35873), so whatever is listed by
 * another listed dependency is dropped: the same is reachable over far fewer edges. A direct reference to something that is an ancestor
 * over others too cannot be told from a mere ancestor, and is dropped with them. Cycles are kept for the ledger to refuse.
 */
export function directDependencies(
  instances: readonly StateInstance[],
  index: DependencyIndex,
): readonly (readonly number[])[] {
  const own = instances.map(({ module, type, name }) => index.config(resourceAddress(module, type, name)))
  const resolved = instances.map((instance, position) => resolve(instance, own[position], index))
  const reduce = reducer(listedByConfig(own, resolved, index.size))
  return resolved.map((dependencies) => (dependencies.length < 2 ? dependencies : reduce(dependencies)))
}

type Reduce = (dependencies: readonly number[]) => readonly number[]

/** Drops from a list what another member lists, in time linear in all those lists. */
function reducer(listed: readonly (readonly number[])[]): Reduce {
  const marks = new Uint32Array(listed.length)
  let round = 0
  const weight = (config: number): number => listed[config]?.length ?? 0
  return (dependencies) => {
    round += 1
    // Who lists the most comes last in creation and covers the others.
    const nearestFirst = dependencies.toSorted((a, b) => weight(b) - weight(a))
    return nearestFirst.filter((config) => {
      if (marks[config] === round) return false
      for (const further of listed[config] ?? []) marks[further] = round
      return true
    })
  }
}

/** What the instances of each resource list, taken together. */
function listedByConfig(
  own: readonly (number | undefined)[],
  resolved: readonly (readonly number[])[],
  size: number,
): readonly (readonly number[])[] {
  const listed: (readonly number[])[] = Array.from({ length: size }, () => [])
  for (const [position, dependencies] of resolved.entries()) {
    const config = own[position]
    if (config === undefined || dependencies.length === 0) continue
    const before = listed[config] ?? []
    if (before.length === 0) listed[config] = dependencies
    else if (!sameList(before, dependencies)) listed[config] = [...new Set([...before, ...dependencies])]
  }
  return listed
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((item, position) => item === b[position])
}

/** The numbers of what an instance lists; itself, data sources, variables and what is not in the state are dropped. */
function resolve(instance: StateInstance, own: number | undefined, index: DependencyIndex): readonly number[] {
  const found = new Set<number>()
  const prefix = instance.module === '' ? '' : `${configAddress(instance.module)}.`
  for (const dependency of instance.dependencies) {
    const config = instance.dependenciesInModule
      ? (index.config(prefix + dependency) ?? index.config(dependency))
      : (index.config(dependency) ?? index.config(prefix + dependency))
    if (config !== undefined && config !== own) found.add(config)
  }
  return [...found]
}
