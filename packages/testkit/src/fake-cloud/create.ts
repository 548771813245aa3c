import type { CreateRequest, Properties } from '@infraledger/core/adapter'
import { recordActivity } from './activity.ts'
import { schedule } from './agenda.ts'
import { endOf } from './deed.ts'
import type { Accepted, Deed } from './deed.ts'
import { refused, retryable } from './errors.ts'
import { FAKE_VOLATILE_PROPERTIES, lookUp, put } from './kinds/behaviour.ts'
import { randomLetters } from './seeded-random.ts'
import { truthBehind } from './seeing.ts'
import { add, withoutSecrets } from './simulation.ts'
import type { Simulation } from './simulation.ts'
import type { FakeResource } from './world.ts'

/** Accepts a creation, or refuses it and makes nothing. */
export function acceptCreate(simulation: Simulation, request: CreateRequest, deed: Deed): Accepted {
  const { kind, name, target } = request
  const { attempt, now } = deed
  const { account, region } = target
  if (target.provider !== simulation.name) throw refused(attempt, `${target.provider} is another cloud`)
  const ref = { provider: simulation.name, account, region, type: kind, name }
  if (truthBehind(simulation, ref) !== undefined) throw refused(attempt, 'the name is taken')
  const dependencies = dependenciesOf(simulation, request, deed)
  const behaviour = simulation.behaviour(kind)
  const asked = withoutSecrets(simulation, kind, request.properties)
  const wanted = behaviour.complete({ ...behaviour.defaults, ...asked }, {})
  const problem = outputProblem(asked) ?? behaviour.problem(wanted, {})
  if (problem !== undefined) throw refused(attempt, problem)

  const endsAt = endOf(deed, behaviour.createMs + behaviour.firstBackupMs)
  const resource: FakeResource = {
    id: newId(simulation, kind),
    kind,
    name,
    account,
    region,
    createdAt: now,
    creationKey: deed.by.key ?? null,
    dependencies,
    properties: put(wanted, {}),
    deferred: {},
    deferredUntil: null,
    inFlight: {},
    status: 'creating',
    busyUntil: endsAt,
    settingsVersion: 1,
    objects: 0,
  }
  add(simulation, resource, now)
  const properties = Object.keys(asked)
  recordActivity(simulation, resource, { operation: 'create', properties }, deed)
  scheduleStates(simulation, resource, deed)
  return { resource: resource.id, properties, endsAt, doomed: deed.doomed === true }
}

function scheduleStates(simulation: Simulation, { id, kind, busyUntil }: FakeResource, deed: Deed): void {
  const { world } = simulation
  if (deed.doomed === true) {
    schedule(world, { at: busyUntil, resource: id, type: 'falls-through', status: 'failed' })
    return
  }
  const backsUpAt = busyUntil - simulation.behaviour(kind).firstBackupMs
  if (backsUpAt < busyUntil && backsUpAt > deed.now) {
    schedule(world, { at: backsUpAt, resource: id, type: 'becomes', status: 'backing-up' })
  }
  schedule(world, { at: busyUntil, resource: id, type: 'becomes', status: 'available' })
}

function dependenciesOf(simulation: Simulation, request: CreateRequest, { attempt, now }: Deed): readonly string[] {
  const { requires } = simulation.behaviour(request.kind)
  const missing = requires.find((kind) => !request.dependencies.some((given) => given.kind === kind))
  if (missing !== undefined) throw refused(attempt, `a ${request.kind} is made on a ${missing}, and none was given`)
  return request.dependencies.map(({ kind, ref }) => {
    const found = truthBehind(simulation, ref)
    const what = `the ${kind} "${ref.name}" that it depends on`
    if (found === undefined) throw refused(attempt, `${what} does not exist`)
    // What goes with another thing cannot come while that is going.
    if (found.status === 'deleting' && lookUp(simulation.behaviour(kind).dependents, request.kind) === 'removed-too')
      throw refused(attempt, `${what} is being deleted`)
    // What only uses another thing does not mind what that is doing.
    if (!requires.includes(kind)) return found.id
    if (['deleting', 'failed', 'stopped'].includes(found.status)) throw refused(attempt, `${what} is ${found.status}`)
    if (found.busyUntil > now) throw retryable(attempt, `${what} is ${found.status}`, found.busyUntil - now)
    return found.id
  })
}

/** Why values cannot be set that only the provider sets. */
export function outputProblem(wanted: Properties): string | undefined {
  const output = FAKE_VOLATILE_PROPERTIES.find((property) => Object.hasOwn(wanted, property))
  return output === undefined ? undefined : `${output} is output-only`
}

function newId(simulation: Simulation, kind: string): string {
  const id = `${kind}-${randomLetters(simulation.world, 12)}`
  return simulation.world.resources.has(id) ? newId(simulation, kind) : id
}
