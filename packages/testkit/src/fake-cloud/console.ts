import type { CloudTarget, Properties, ProviderRef, UpdateRequest } from '@infraledger/core/adapter'
import { recordActivity } from './activity.ts'
import { resourceAt } from './addressing.ts'
import type { ResourceAddress } from './addressing.ts'
import { arriveNow, schedule, start } from './agenda.ts'
import { acceptCreate } from './create.ts'
import type { Deed } from './deed.ts'
import { refused } from './errors.ts'
import { acceptRemove } from './remove.ts'
import { alter, refOf, resourceOf } from './simulation.ts'
import type { Simulation } from './simulation.ts'
import { acceptUpdate, mustBeIdle } from './update.ts'
import type { FakeResource } from './world.ts'

/** RDS starts an instance by itself after seven days (RDS User Guide, "Stopping an Amazon RDS DB instance temporarily"). */
const LONGEST_STOP_MS = 7 * 24 * 60 * 60_000

/** How long what a person does takes; 0, the default, has it done at once, as if the person had waited for the end of it. */
export type ConsoleOptions = { readonly takesMs?: number }

/** How a person makes a thing: where, and on which others. */
export type ConsoleCreateOptions = ConsoleOptions & {
  readonly target?: CloudTarget
  readonly on?: readonly ResourceAddress[]
}

/**
 * The provider's console, in the hands of one person: changes things behind the ledger's back. It obeys the cloud's rules, so it throws
 * `cloud-refused` where the cloud refuses, and what it does is in the activity log under the person's name.
 */
export interface FakeConsole {
  create(kind: string, name: string, properties?: Properties, options?: ConsoleCreateOptions): ProviderRef
  /** Changes values now, or lets those that interrupt service wait for the maintenance window. */
  modify(
    resource: ResourceAddress,
    changes: Properties,
    options?: ConsoleOptions & { readonly when?: UpdateRequest['when'] },
  ): void
  /** Removes it, and by default its automated backups with it, as RDS does. */
  remove(resource: ResourceAddress, options?: ConsoleOptions & { readonly removeAutomatedBackups?: boolean }): void
  stop(resource: ResourceAddress): void
  start(resource: ResourceAddress): void
  /** Sets how many objects a bucket holds. */
  putObjects(bucket: ResourceAddress, objects: number): void
}

/** The console of a person. */
export function consoleOf(simulation: Simulation, user: string, home: CloudTarget): FakeConsole {
  const act = <T>(takesMs: number, what: Omit<Deed['attempt'], 'provider'>, perform: (deed: Deed) => T): T => {
    const now = arriveNow(simulation)
    const by = { principal: { type: 'user', id: user } } as const
    const answer = perform({ by, takesMs, now, attempt: { provider: simulation.name, ...what } })
    // What takes no time is done before the console answers.
    arriveNow(simulation)
    simulation.changed()
    return answer
  }
  const on = (
    address: ResourceAddress,
    operation: string,
    perform: (resource: FakeResource, deed: Deed) => void,
    takesMs = 0,
  ): void => {
    arriveNow(simulation)
    const resource = resourceAt(simulation, address)
    act(takesMs, { operation, kind: resource.kind, name: resource.name }, (deed) => perform(resource, deed))
  }
  return {
    create: (kind, name, properties = {}, { takesMs = 0, target = home, on: hosts = [] } = {}) =>
      act(takesMs, { operation: 'create', kind, name }, (deed) => {
        const dependencies = hosts
          .map((address) => resourceAt(simulation, address))
          .map((host) => ({ kind: host.kind, ref: refOf(simulation, host) }))
        const accepted = acceptCreate(simulation, { target, kind, name, properties, dependencies }, deed)
        return refOf(simulation, resourceOf(simulation.world, accepted.resource))
      }),
    modify(address, changes, { takesMs, when = 'now' } = {}) {
      on(address, 'update', (resource, deed) => acceptUpdate(simulation, resource, { changes, when }, deed), takesMs)
    },
    remove(address, { takesMs, removeAutomatedBackups = true } = {}) {
      on(
        address,
        'remove',
        (resource, deed) => acceptRemove(simulation, resource, { removeAutomatedBackups }, deed),
        takesMs,
      )
    },
    stop: (address) => on(address, 'stop', (resource, deed) => stop(simulation, resource, deed)),
    start: (address) =>
      on(address, 'start', (resource, deed) => {
        if (resource.status !== 'stopped') throw refused(deed.attempt, `it is ${resource.status}, not stopped`)
        start(simulation, resource, deed.now)
        recordActivity(simulation, resource, { operation: 'start' }, deed)
      }),
    putObjects: (address, objects) =>
      on(address, 'putObjects', ({ id, kind }, { attempt, now }) => {
        if (!simulation.behaviour(kind).holdsObjects) throw refused(attempt, `a ${kind} holds no objects`)
        alter(simulation, id, { objects }, now)
      }),
  }
}

function stop(simulation: Simulation, resource: FakeResource, deed: Deed): void {
  mustBeIdle(resource, deed)
  alter(simulation, resource.id, { status: 'stopped' }, deed.now)
  schedule(simulation.world, { at: deed.now + LONGEST_STOP_MS, resource: resource.id, type: 'starts' })
  recordActivity(simulation, resource, { operation: 'stop' }, deed)
}
