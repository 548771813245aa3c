import type { Properties } from '@infraledger/core/adapter'
import { recordActivity } from './activity.ts'
import { resourceAt } from './addressing.ts'
import type { ResourceAddress } from './addressing.ts'
import { arriveNow, unschedule } from './agenda.ts'
import { put } from './kinds/behaviour.ts'
import { nextMinorVersion } from './kinds/engine-version.ts'
import { insideOf } from './remove.ts'
import { alter } from './simulation.ts'
import type { Simulation } from './simulation.ts'
import type { FakeResource } from './world.ts'

/** What the provider does by itself, with nobody asking. It is in the activity log as the provider's own doing. */
export interface FakeProviderEvents {
  /** Installs the next minor engine version (RDS `AutoMinorVersionUpgrade`; Cloud SQL maintenance). */
  upgradeMinor(resource: ResourceAddress): void
  /** Grows the storage to so many GiB, or by a tenth (RDS storage autoscaling; Cloud SQL automatic storage increase). */
  growStorage(resource: ResourceAddress, gib?: number): void
  /** Sets values, such as a renewed certificate's. */
  set(resource: ResourceAddress, properties: Properties): void
  /** Reports a status, such as `storage-optimization`, or one that nobody has heard of. */
  report(resource: ResourceAddress, status: string): void
  /** Loses the resource and what lives in it, protected or not. */
  lose(resource: ResourceAddress): void
}

/** The provider's own doings in one fake cloud. */
export function providerEventsOf(simulation: Simulation): FakeProviderEvents {
  const by = { principal: { type: 'provider', id: simulation.name } } as const
  const on = (address: ResourceAddress, deed: (resource: FakeResource, now: number) => void): void => {
    const now = arriveNow(simulation)
    deed(resourceAt(simulation, address), now)
    simulation.changed()
  }
  const set = (resource: FakeResource, operation: string, changes: Properties, now: number): void => {
    const settingsVersion = resource.settingsVersion + 1
    alter(simulation, resource.id, { properties: put(changes, resource.properties), settingsVersion }, now)
    recordActivity(simulation, resource, { operation, properties: Object.keys(changes) }, { by, now })
  }
  return {
    upgradeMinor: (address) =>
      on(address, (resource, now) => {
        const engineVersion = nextMinorVersion(resource.properties['engineVersion'])
        set(resource, 'upgradeMinor', { engineVersion }, now)
      }),
    growStorage: (address, gib) =>
      on(address, (resource, now) => {
        const before = Number(resource.properties['storage.gib'])
        const grown = gib ?? before + Math.ceil(before / 10)
        set(resource, 'growStorage', { 'storage.gib': grown }, now)
      }),
    set: (address, properties) => on(address, (resource, now) => set(resource, 'set', properties, now)),
    report: (address, status) => on(address, (resource, now) => alter(simulation, resource.id, { status }, now)),
    lose: (address) =>
      on(address, (resource, now) => {
        for (const { id } of [...insideOf(simulation, resource), resource]) {
          unschedule(simulation.world, id)
          alter(simulation, id, { status: 'gone', inFlight: {}, deferred: {}, deferredUntil: null }, now)
        }
        recordActivity(simulation, resource, { operation: 'lose' }, { by, now })
      }),
  }
}
