import type { ActivityEntry, ResourceObservation } from '@infraledger/core/adapter'
import type { ResourceAddress } from './addressing.ts'
import { resourceIfThere } from './addressing.ts'
import { arriveNow } from './agenda.ts'
import { observationOf } from './seeing.ts'
import type { Simulation } from './simulation.ts'
import { isGone, receiptOf } from './world.ts'
import type { AutomatedBackup } from './world.ts'

/** A snapshot as it is now. */
export type InspectedSnapshot = {
  readonly name: string
  readonly kind: string
  /** Immutable id and name of what it is a copy of, which may be gone. */
  readonly source: string
  readonly sourceName: string
  readonly status: 'available' | 'creating' | 'failed'
}

/** Looks at the truth: no delay, no fault, no page, no call counted. For what tests assert. */
export interface FakeInspection {
  /** The resource as it is, or undefined where there is none of that name. */
  resource(resource: ResourceAddress): ResourceObservation | undefined
  /** All that exist, in the order of creation. */
  resources(kind?: string): readonly ResourceObservation[]
  /** Whether a grant lets an identity do something with a resource now. */
  allows(right: {
    readonly identity: ResourceAddress
    readonly operation: string
    readonly resource: ResourceAddress
  }): boolean
  snapshots(): readonly InspectedSnapshot[]
  /** Backups that the provider kept of instances that are gone. */
  automatedBackups(): readonly AutomatedBackup[]
  /** The whole activity, also what the log does not show yet. */
  activity(): readonly ActivityEntry[]
}

/** The truth about one fake cloud. */
export function inspectionOf(simulation: Simulation): FakeInspection {
  const { world } = simulation
  return {
    resource(address) {
      const now = arriveNow(simulation)
      const resource = resourceIfThere(simulation, address)
      return resource === undefined ? undefined : observationOf(simulation, resource, now)
    },
    resources(kind) {
      const now = arriveNow(simulation)
      return [...world.resources.values()]
        .filter((resource) => !isGone(resource) && (kind === undefined || resource.kind === kind))
        .map((resource) => observationOf(simulation, resource, now))
    },
    allows({ identity, operation, resource }) {
      arriveNow(simulation)
      const [who, what] = [identity, resource].map((address) => resourceIfThere(simulation, address)?.id)
      if (who === undefined || what === undefined) return false
      return [...world.resources.values()].some((grant) => {
        if (grant.kind !== 'grant' || isGone(grant)) return false
        const { operations } = grant.properties
        const isAbout = grant.dependencies.includes(who) && grant.dependencies.includes(what)
        return isAbout && Array.isArray(operations) && operations.includes(operation)
      })
    },
    snapshots() {
      const now = arriveNow(simulation)
      return [...world.snapshots.values()].map((snapshot) => {
        const { name, kind, source, sourceName } = snapshot
        return { name, kind, source, sourceName, status: receiptOf(snapshot, now).status }
      })
    },
    automatedBackups() {
      arriveNow(simulation)
      return [...world.automatedBackups]
    },
    activity: () => [...world.activity],
  }
}
