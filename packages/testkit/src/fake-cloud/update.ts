import { jsonEqual } from '@infraledger/core/adapter'
import type { JsonValue, Properties, UpdateRequest } from '@infraledger/core/adapter'
import { recordActivity } from './activity.ts'
import { beginChange, planWindow } from './agenda.ts'
import { outputProblem } from './create.ts'
import { endOf } from './deed.ts'
import type { Accepted, Deed } from './deed.ts'
import { refused, retryable } from './errors.ts'
import type { Attempt } from './errors.ts'
import { impactOf, waitsForWindow } from './kinds/behaviour.ts'
import type { KindBehaviour } from './kinds/behaviour.ts'
import { nextWindow } from './maintenance-window.ts'
import { alter, withoutSecrets } from './simulation.ts'
import type { Simulation } from './simulation.ts'
import type { FakeResource } from './world.ts'

type Change = Pick<UpdateRequest, 'changes' | 'when'>

/** Refuses a change that was decided on other values than there are (compare-and-set); it changes nothing. */
export function compare(resource: FakeResource, expected: Properties, attempt: Attempt): void {
  for (const [property, value] of Object.entries(expected)) {
    const actual = resource.properties[property] ?? null
    if (jsonEqual(actual, value) || (resource.kind === 'grant' && isSameSet(actual, value))) continue
    const found = `${property} is ${JSON.stringify(actual)}, not ${JSON.stringify(value)} as expected`
    throw refused(attempt, `${found}; nothing was changed`)
  }
}

/** Operations are a set, whatever order they are named in. */
function isSameSet(actual: JsonValue, expected: JsonValue): boolean {
  if (!Array.isArray(actual) || !Array.isArray(expected)) return false
  return jsonEqual(actual.map(String).toSorted(), expected.map(String).toSorted())
}

/** Accepts a change, or refuses it and changes nothing. What waits for the maintenance window is put off unless it is asked for now. */
export function acceptUpdate(simulation: Simulation, resource: FakeResource, change: Change, deed: Deed): Accepted {
  mustBeIdle(resource, deed)
  const behaviour = simulation.behaviour(resource.kind)
  const asked = withoutSecrets(simulation, resource.kind, change.changes)
  const wanted = behaviour.complete(asked, resource.properties)
  const problem =
    outputProblem(wanted) ??
    changeProblem(behaviour, wanted, resource.properties) ??
    behaviour.problem(wanted, resource.properties)
  if (problem !== undefined) throw refused(deed.attempt, problem)

  const properties = Object.keys(wanted)
  const { deferred, immediate } = dividedByTime(behaviour, resource, { changes: wanted, when: change.when }, deed.now)
  alter(simulation, resource.id, { deferred }, deed.now)
  planWindow(simulation, resource.id, deed.now)
  recordActivity(simulation, resource, { operation: 'update', properties: Object.keys(asked) }, deed)
  if (Object.keys(immediate).length === 0) return { resource: resource.id, properties, endsAt: deed.now, doomed: false }

  const interrupts = Object.keys(immediate).some((property) => impactOf(behaviour, property) !== 'online')
  const endsAt = endOf(deed, interrupts ? behaviour.interruptMs : behaviour.modifyMs)
  const doomed = deed.doomed === true
  beginChange(simulation, resource.id, { changes: immediate, until: endsAt, doomed }, deed.now)
  return { resource: resource.id, properties, endsAt, doomed }
}

/** A resource takes one change at a time, and none while it is stopped (RDS answers InvalidDBInstanceState). */
export function mustBeIdle(resource: FakeResource, { attempt, now }: Pick<Deed, 'attempt' | 'now'>): void {
  const { status, busyUntil } = resource
  if (['deleting', 'failed', 'stopped'].includes(status)) throw refused(attempt, `it is ${status}`)
  if (busyUntil > now) throw retryable(attempt, `it is ${status}`, busyUntil - now)
  if (status !== 'available' && status !== 'storage-optimization') throw retryable(attempt, `it is ${status}`)
}

/** What is applied right away, and everything that waits for the window afterwards; asking for the value in force withdraws what waited. */
function dividedByTime(
  behaviour: KindBehaviour,
  { properties: current, deferred: before }: FakeResource,
  { changes: wanted, when }: Change,
  now: number,
): { deferred: Properties; immediate: Properties } {
  const different = pick(wanted, (property) => !jsonEqual(wanted[property], current[property] ?? null))
  const waits = (property: string): boolean => waitsForWindow(behaviour, property, wanted, current)
  const others = pick(before, (property) => !Object.hasOwn(wanted, property))
  const isOpen = nextWindow(current['maintenance.window'], now) === now
  if (when === 'maintenance-window' && !isOpen) {
    return {
      deferred: { ...others, ...pick(different, waits) },
      immediate: pick(different, (property) => !waits(property)),
    }
  }
  const all = when === 'now' && behaviour.nowAppliesAll && Object.keys(different).some(waits)
  return all ? { deferred: {}, immediate: { ...others, ...different } } : { deferred: others, immediate: different }
}

function changeProblem(behaviour: KindBehaviour, wanted: Properties, current: Properties): string | undefined {
  for (const [property, value] of Object.entries(wanted)) {
    const before = current[property] ?? null
    if (jsonEqual(value, before)) continue
    if (impactOf(behaviour, property) === 'replace') return `${property} cannot be changed after creation`
    if (value === null && Object.hasOwn(behaviour.defaults, property)) return `${property} cannot be unset`
    if (behaviour.growthOnly.includes(property) && !(Number(value) >= Number(before))) {
      return `${property} can only grow: it is ${JSON.stringify(before)} and ${JSON.stringify(value)} was asked for`
    }
  }
  return undefined
}

function pick(properties: Properties, wanted: (property: string) => boolean): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([property]) => wanted(property)))
}
