import { nameKey } from '@infraledger/core/adapter'
import type { Properties, ProviderRef, ResourceObservation } from '@infraledger/core/adapter'
import { nameOf, refOf } from './simulation.ts'
import type { Simulation } from './simulation.ts'
import { isGone } from './world.ts'
import type { FakeResource } from './world.ts'

/** States in which values are final: nothing is being applied. A status that nobody knows is not one of them. */
const SETTLED = ['available', 'backing-up', 'failed', 'stopped', 'storage-optimization']

/** A resource as a read answers it now: with a consistency delay, as it was then. Undefined where there was none. */
export function seen(simulation: Simulation, id: string, now: number): FakeResource | undefined {
  const { world, settings } = simulation
  const past = world.past.get(id)?.find(({ until }) => until > now - settings.consistencyDelayMs)
  const view = past === undefined ? world.resources.get(id) : past.view
  return view === null || view === undefined || isGone(view) ? undefined : view
}

/** The resource behind a ref as a read answers it: by immutable id where the ref has one, else by its name. */
export function seenBehind(simulation: Simulation, ref: ProviderRef, now: number): FakeResource | undefined {
  for (const id of idsBehind(simulation, ref).toReversed()) {
    const resource = seen(simulation, id, now)
    if (resource !== undefined) return resource
  }
  return undefined
}

/** The resource behind a ref as it truly is: what writes work on. */
export function truthBehind(simulation: Simulation, ref: ProviderRef): FakeResource | undefined {
  return idsBehind(simulation, ref)
    .map((id) => simulation.world.resources.get(id))
    .findLast((resource) => resource !== undefined && !isGone(resource))
}

/** All that this ref may ever have meant, oldest first. */
function idsBehind(simulation: Simulation, ref: ProviderRef): readonly string[] {
  const { world } = simulation
  if (ref.id !== undefined) return world.resources.get(ref.id)?.kind === ref.type ? [ref.id] : []
  if (ref.account !== undefined && ref.region !== undefined) {
    const { type: kind, name, account, region } = ref
    return world.names.get(nameOf({ kind, name, account, region })) ?? []
  }
  // A ref that leaves its place out means the thing of that name in any place.
  return [...world.resources.values()].filter((resource) => isMeant(simulation, ref, resource)).map(({ id }) => id)
}

function isMeant(simulation: Simulation, ref: ProviderRef, resource: FakeResource): boolean {
  const { account, region, ...rest } = refOf(simulation, resource)
  const place = { ...(ref.account === undefined ? {} : { account }), ...(ref.region === undefined ? {} : { region }) }
  return nameKey({ ...rest, ...place }) === nameKey(ref)
}

/** What the cloud says of a resource. */
export function observationOf(simulation: Simulation, resource: FakeResource, now: number): ResourceObservation {
  const behaviour = simulation.behaviour(resource.kind)
  const outputs = behaviour.outputs(resource, now)
  return {
    ref: refOf(simulation, resource),
    kind: resource.kind,
    properties: { ...resource.properties, ...outputs },
    volatile: Object.keys(outputs),
    completeMaps: behaviour.maps,
    deferred: accepted(resource),
    status: resource.status,
    settled: SETTLED.includes(resource.status),
    ...(resource.status === 'failed' ? { failure: 'its creation failed halfway' } : {}),
    ...(resource.creationKey === null ? {} : { idempotencyKey: resource.creationKey }),
    ...madeOn(simulation, resource),
    ...(behaviour.holdsObjects ? { empty: resource.objects === 0 } : {}),
  }
}

/** What it was made on, as far as that is still there. */
function madeOn(
  simulation: Simulation,
  { dependencies: ids }: FakeResource,
): Pick<ResourceObservation, 'dependencies'> {
  const others = ids.map((id) => simulation.world.resources.get(id)).filter((other) => other !== undefined)
  const dependencies = others
    .filter((other) => !isGone(other))
    .map((other) => ({ kind: other.kind, ref: refOf(simulation, other) }))
  return dependencies.length === 0 ? {} : { dependencies }
}

/** Accepted and not in force yet. RDS shows in `PendingModifiedValues` what it is applying right now, too. */
function accepted(resource: FakeResource): Properties {
  return { ...resource.deferred, ...resource.inFlight }
}
