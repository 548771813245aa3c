import { LedgerError } from '@infraledger/core/adapter'
import type { ProviderRef } from '@infraledger/core/adapter'
import { truthBehind } from './seeing.ts'
import type { Simulation } from './simulation.ts'
import { isGone } from './world.ts'
import type { FakeResource } from './world.ts'

/**
 * A resource as a test names it: its ref, its name (`orders`), or kind and name where several have it (`sql-database/orders`). The identity of
 * a service bears the name of that; the name alone means the service.
 */
export type ResourceAddress = ProviderRef | string

/** The one resource of that address that exists now. */
export function resourceAt(simulation: Simulation, address: ResourceAddress): FakeResource {
  const [found, ...others] = candidates(simulation, address)
  if (found !== undefined && others.length === 0) return found
  const shown = typeof address === 'string' ? address : `${address.type}/${address.name}`
  const problem =
    found === undefined
      ? `there is no such resource; there are: ${listed(liveOf(simulation))}`
      : `several resources have that name; say which: ${listed([found, ...others])}`
  throw new LedgerError('input-invalid', `"${shown}": ${problem}`, {
    what: 'resource',
    issues: [{ path: shown, problem }],
  })
}

/** The resource of that address, if there is exactly one. */
export function resourceIfThere(simulation: Simulation, address: ResourceAddress): FakeResource | undefined {
  const [found, ...others] = candidates(simulation, address)
  return others.length === 0 ? found : undefined
}

function candidates(simulation: Simulation, address: ResourceAddress): readonly FakeResource[] {
  if (typeof address !== 'string')
    return [truthBehind(simulation, address)].filter((resource) => resource !== undefined)
  const live = liveOf(simulation)
  const all = live.filter(({ name }) => name === address)
  const others = all.filter(({ kind }) => kind !== 'identity')
  const named = others.length > 0 ? others : all
  return named.length > 0 ? named : live.filter(({ kind, name }) => `${kind}/${name}` === address)
}

function liveOf({ world }: Simulation): readonly FakeResource[] {
  return [...world.resources.values()].filter((resource) => !isGone(resource))
}

function listed(resources: readonly FakeResource[]): string {
  return resources.length === 0
    ? 'none'
    : resources
        .slice(0, 20)
        .map(({ kind, name }) => `${kind}/${name}`)
        .join(', ')
}
