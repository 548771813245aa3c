import { put } from './kinds/behaviour.ts'
import { nextWindow } from './maintenance-window.ts'
import { alter, resourceOf } from './simulation.ts'
import type { Simulation } from './simulation.ts'
import type { FakeResource, Happening, World } from './world.ts'

/** The moment it is, with everything done that was to happen until then. A clock that was set back does not take the cloud back. */
export function arriveNow(simulation: Simulation): number {
  const { world } = simulation
  const now = Math.max(world.time, simulation.clock.now().getTime())
  catchUp(simulation, now)
  world.time = now
  return now
}

/** Notes down what is to happen; of two at one moment, the one noted first happens first. */
export function schedule(world: World, happening: Happening): void {
  const before = world.agenda.findLastIndex(({ at }) => at <= happening.at)
  world.agenda.splice(before + 1, 0, happening)
}

/** Strikes out everything that was to happen to a resource. */
export function unschedule(world: World, resource: string): void {
  const others = world.agenda.filter((happening) => happening.resource !== resource)
  world.agenda.splice(0, world.agenda.length, ...others)
}

/** Lets everything happen that was to happen until `now`, each at its own moment. */
function catchUp(simulation: Simulation, now: number): void {
  const { agenda } = simulation.world
  let happened = false
  for (let next = agenda[0]; next !== undefined && next.at <= now; next = agenda[0]) {
    agenda.shift()
    happen(simulation, next)
    happened = true
  }
  if (happened) simulation.changed()
}

function happen(simulation: Simulation, happening: Happening): void {
  const resource = resourceOf(simulation.world, happening.resource)
  switch (happening.type) {
    case 'becomes':
      alter(simulation, resource.id, { status: happening.status }, happening.at)
      return
    case 'takes-effect':
      takeEffect(simulation, resource, happening.at)
      return
    case 'falls-through':
      alter(simulation, resource.id, { status: happening.status, inFlight: {}, busyUntil: happening.at }, happening.at)
      return
    case 'starts':
      start(simulation, resource, happening.at)
      return
    case 'window-opens':
      openWindow(simulation, resource, happening.at)
      return
    case 'vanishes':
      vanish(simulation, resource, happening)
  }
}

function takeEffect(simulation: Simulation, resource: FakeResource, now: number): void {
  const properties = put(resource.inFlight, resource.properties)
  const settingsVersion = resource.settingsVersion + 1
  alter(simulation, resource.id, { properties, inFlight: {}, status: 'available', settingsVersion }, now)
  if (resource.inFlight['maintenance.window'] !== undefined) planWindow(simulation, resource.id, now)
}

/** Has what waits of a resource applied when its window next opens. */
export function planWindow(simulation: Simulation, id: string, now: number): void {
  const resource = resourceOf(simulation.world, id)
  if (Object.keys(resource.deferred).length === 0) {
    if (resource.deferredUntil !== null) alter(simulation, id, { deferredUntil: null }, now)
    return
  }
  const at = nextWindow(resource.properties['maintenance.window'], now)
  if (at === resource.deferredUntil) return
  alter(simulation, id, { deferredUntil: at }, now)
  schedule(simulation.world, { at, resource: id, type: 'window-opens' })
}

/** Starts what is stopped; what waits is planned anew. */
export function start(simulation: Simulation, resource: FakeResource, now: number): void {
  if (resource.status !== 'stopped') return
  unschedule(simulation.world, resource.id)
  alter(simulation, resource.id, { status: 'available', deferredUntil: null }, now)
  planWindow(simulation, resource.id, now)
}

/** A window that was planned otherwise since, or whose changes were withdrawn, opens on nothing. */
function openWindow(simulation: Simulation, resource: FakeResource, now: number): void {
  if (resource.deferredUntil === null || now < resource.deferredUntil) return
  // Nothing is applied to what is stopped; starting it plans again.
  if (resource.status === 'stopped') return
  if (now < resource.busyUntil) {
    schedule(simulation.world, { at: resource.busyUntil, resource: resource.id, type: 'window-opens' })
    return
  }
  alter(simulation, resource.id, { deferred: {}, deferredUntil: null }, now)
  beginChange(
    simulation,
    resource.id,
    { changes: resource.deferred, until: now + simulation.behaviour(resource.kind).interruptMs },
    now,
  )
}

/** Starts to apply changes; nothing else is accepted until they are in force. */
export function beginChange(
  simulation: Simulation,
  id: string,
  change: { changes: FakeResource['properties']; until: number; doomed?: boolean },
  now: number,
): void {
  const status = Object.hasOwn(change.changes, 'engineVersion') ? 'upgrading' : 'modifying'
  alter(simulation, id, { inFlight: change.changes, status, busyUntil: change.until }, now)
  schedule(simulation.world, {
    at: change.until,
    resource: id,
    ...(change.doomed === true ? { type: 'falls-through', status: 'available' } : { type: 'takes-effect' }),
  })
}

function vanish(
  simulation: Simulation,
  resource: FakeResource,
  happening: { at: number; keepAutomatedBackups: boolean },
): void {
  alter(simulation, resource.id, { status: 'gone', inFlight: {}, deferred: {}, deferredUntil: null }, happening.at)
  if (!happening.keepAutomatedBackups || !(Number(resource.properties['backup.retentionDays']) > 0)) return
  simulation.world.automatedBackups.push({ source: resource.id, sourceName: resource.name, keptSince: happening.at })
}
