import { configAddress, moduleSteps, resourceAddress } from '../state/address.ts'
import type { ModuleStep } from '../state/address.ts'
import type { StateInstance } from '../state/state-instances.ts'

/** One resource in one module instance, with its current objects: what a dependency can point at. */
export type IndexedResource = {
  /** Number of its configuration address: the same for all instances of a module. */
  readonly config: number
  readonly moduleSteps: readonly ModuleStep[]
  readonly instances: readonly StateInstance[]
}

/** Resources by the addresses that dependencies use, which have no instance keys. */
export type DependencyIndex = {
  /** The number of a configuration address; undefined for what is not in the state, such as data sources. */
  config(address: string): number | undefined
  resources(config: number): readonly IndexedResource[]
  readonly size: number
}

/** Indexes the current objects; a deposed one is nothing that others depend on. */
export function dependencyIndex(instances: readonly StateInstance[]): DependencyIndex {
  const numbers = new Map<string, number>()
  const byConfig: IndexedResource[][] = []
  const current = instances.filter((instance) => instance.deposed === undefined)
  const byResource = Map.groupBy(current, ({ module, type, name }) => resourceAddress(module, type, name))
  for (const [address, members] of byResource) {
    const config = configAddress(address)
    const number = numbers.get(config) ?? numbers.size
    numbers.set(config, number)
    byConfig[number] ??= []
    byConfig[number].push({ config: number, moduleSteps: moduleSteps(members[0]?.module ?? ''), instances: members })
  }
  return {
    config: (address) => numbers.get(configAddress(address)),
    resources: (config) => byConfig[config] ?? [],
    size: numbers.size,
  }
}
