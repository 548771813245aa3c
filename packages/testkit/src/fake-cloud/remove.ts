import type { RemoveRequest } from '@infraledger/core/adapter'
import { recordActivity } from './activity.ts'
import { schedule, unschedule } from './agenda.ts'
import { endOf } from './deed.ts'
import type { Accepted, Deed } from './deed.ts'
import { refused, retryable } from './errors.ts'
import { lookUp } from './kinds/behaviour.ts'
import { alter } from './simulation.ts'
import type { Simulation } from './simulation.ts'
import { isGone } from './world.ts'
import type { FakeResource } from './world.ts'

/** Accepts a removal, or refuses it and removes nothing. What was made on the resource and lives in it goes with it. */
export function acceptRemove(
  simulation: Simulation,
  resource: FakeResource,
  request: Pick<RemoveRequest, 'removeAutomatedBackups'>,
  deed: Deed,
): Accepted {
  const { now } = deed
  mayBeRemoved(simulation, resource, deed)

  recordActivity(simulation, resource, { operation: 'remove' }, deed)
  const { world } = simulation
  const endsAt = endOf(deed, simulation.behaviour(resource.kind).removeMs)
  const doomed = deed.doomed === true
  const leaving = doomed ? [] : insideOf(simulation, resource)
  for (const { id } of [...leaving, resource]) {
    unschedule(world, id)
    alter(simulation, id, { status: 'deleting', inFlight: {}, busyUntil: endsAt }, now)
    const keepAutomatedBackups = !request.removeAutomatedBackups
    if (doomed) schedule(world, { at: endsAt, resource: id, type: 'falls-through', status: 'available' })
    else schedule(world, { at: endsAt, resource: id, type: 'vanishes', keepAutomatedBackups })
  }
  return { resource: resource.id, properties: [], endsAt, doomed }
}

function mayBeRemoved(simulation: Simulation, resource: FakeResource, { attempt, now }: Deed): void {
  const { holdsObjects } = simulation.behaviour(resource.kind)
  if (resource.properties['deletionProtection'] === true) {
    throw refused(attempt, 'deletion protection is on; a person has to switch it off at the provider first')
  }
  if (holdsObjects && resource.objects > 0)
    throw refused(attempt, `it is not empty: it holds ${resource.objects} objects`)
  const [blocking] = dependentsOf(simulation, resource, 'blocks')
  if (blocking !== undefined) throw refused(attempt, `the ${blocking.kind} "${blocking.name}" depends on it`)
  if (resource.busyUntil > now) throw retryable(attempt, `it is ${resource.status}`, resource.busyUntil - now)
}

/** What lives in a resource and goes with it. */
export function insideOf(simulation: Simulation, resource: FakeResource): readonly FakeResource[] {
  return dependentsOf(simulation, resource, 'removed-too')
}

function dependentsOf(
  simulation: Simulation,
  resource: FakeResource,
  rule: 'blocks' | 'removed-too',
): readonly FakeResource[] {
  const { dependents: rules } = simulation.behaviour(resource.kind)
  if (!Object.values(rules).includes(rule)) return []
  return [...simulation.world.resources.values()].filter(
    (other) => !isGone(other) && other.dependencies.includes(resource.id) && lookUp(rules, other.kind) === rule,
  )
}
