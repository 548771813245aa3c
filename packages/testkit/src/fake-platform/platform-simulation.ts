import { canonicalJson, jsonEqual } from '@infraledger/core/adapter'
import type { Clock, JsonValue, Properties, ProviderRef, WorkloadObservation } from '@infraledger/core/adapter'
import type { Doer } from '../fake-cloud/deed.ts'
import { refused, retryable } from '../fake-cloud/errors.ts'
import type { Attempt } from '../fake-cloud/errors.ts'
import { randomLetters } from '../fake-cloud/seeded-random.ts'
import type { Simulation } from '../fake-cloud/simulation.ts'
import { desiredOf, digestOf, rollOn, runningOf } from './rolling.ts'
import type { FakeRollOut, FakeWorkload, Fleet } from './world.ts'

/** All parts of a running fake platform, for its own files only. Calls, faults and activity are those of the fake cloud. */
export type PlatformSimulation = {
  readonly cloud: Simulation
  readonly clock: Clock
  readonly fleet: Fleet
  readonly kinds: readonly string[]
  /** How long one replica takes to be replaced. */
  readonly replicaMs: number
}

/** What somebody wants to run. */
export type Wanted = {
  readonly kind: string
  readonly image?: string
  readonly settings: Properties
  readonly by: Doer
  readonly attempt: Attempt
  /** It will stop when about half of the replicas are new. */
  readonly doomed: boolean
}

/** The moment it is, with every rollout brought to it. */
export function arrive(simulation: PlatformSimulation): number {
  const now = Math.max(simulation.cloud.world.time, simulation.clock.now().getTime())
  simulation.cloud.world.time = now
  if (rollOn(simulation.fleet, now, simulation.replicaMs)) simulation.cloud.changed()
  return now
}

/** The workload behind a ref: by its immutable id where the ref has one, else the living one of its name. */
export function behind({ fleet, cloud }: PlatformSimulation, ref: ProviderRef): FakeWorkload | undefined {
  if (ref.provider !== cloud.name) return undefined
  if (ref.id !== undefined) return living(fleet.workloads.get(ref.id))
  return [...fleet.workloads.values()].find(
    (workload) =>
      !workload.gone &&
      workload.kind === ref.type &&
      workload.name === ref.name &&
      (ref.account === undefined || ref.account === workload.account) &&
      (ref.region === undefined || ref.region === workload.region),
  )
}

function living(workload: FakeWorkload | undefined): FakeWorkload | undefined {
  return workload === undefined || workload.gone ? undefined : workload
}

/** What the platform says of a workload. */
export function workloadOf({ cloud }: PlatformSimulation, workload: FakeWorkload): WorkloadObservation {
  const { id, kind, name, account, region, state, reason, settings, key } = workload
  return {
    ref: { provider: cloud.name, account, region, type: kind, name, id },
    kind,
    state,
    ...(reason === null ? {} : { reason }),
    running: runningOf(workload),
    desired: desiredOf(workload),
    settings,
    completeMaps: ['environment', 'labels'],
    ...(key === null ? {} : { idempotencyKey: key }),
  }
}

/** Makes a workload and begins its first rollout. */
export function begin(
  simulation: PlatformSimulation,
  place: { readonly account: string; readonly region: string; readonly name: string },
  wanted: Wanted,
): FakeWorkload {
  const { fleet, cloud } = simulation
  const { kind, image, attempt } = wanted
  if (image === undefined) throw refused(attempt, 'a new workload names its image')
  const ref = { provider: cloud.name, account: place.account, region: place.region, type: kind, name: place.name }
  if (behind(simulation, ref) !== undefined) throw refused(attempt, 'the name is taken')
  const id = `${kind}-${randomLetters(cloud.world, 12)}`
  const workload: FakeWorkload = {
    ...place,
    id,
    kind,
    key: null,
    image,
    digest: digestOf(fleet, image),
    settings: {},
    revision: 0,
    replicas: [],
    state: 'steady',
    reason: null,
    next: null,
    gone: false,
  }
  return revise(simulation, workload, wanted)
}

/** Begins a rollout of what is wanted on what is there. */
export function revise(simulation: PlatformSimulation, before: FakeWorkload, wanted: Wanted): FakeWorkload {
  const { fleet, replicaMs } = simulation
  const { image = before.image, by, doomed } = wanted
  const now = simulation.cloud.world.time
  const settings = withChanges(before.settings, wanted.settings)
  const after: FakeWorkload = {
    ...before,
    key: by.key ?? null,
    image,
    digest: digestOf(fleet, image),
    settings,
    revision: before.revision + 1,
    state: 'rolling-out',
    reason: null,
    next: { at: now + replicaMs, failsAfter: doomed ? Math.floor(desiredOf({ ...before, settings }) / 2) : null },
  }
  fleet.workloads.set(after.id, after)
  noteActivity(simulation, after, before.revision === 0 ? 'create' : 'rollOut', by, [
    ...(wanted.image === undefined ? [] : ['image']),
    ...Object.keys(wanted.settings),
  ])
  return after
}

/** Takes a workload away at once. */
export function end(simulation: PlatformSimulation, workload: FakeWorkload, by: Doer): void {
  simulation.fleet.workloads.set(workload.id, { ...workload, gone: true, replicas: [], next: null, state: 'steady' })
  noteActivity(simulation, workload, 'remove', by)
}

/** Refuses what was decided on other values than there are, or comes in the middle of a rollout. */
export function compare(
  simulation: PlatformSimulation,
  workload: FakeWorkload,
  expected: Properties,
  attempt: Attempt,
): void {
  if (workload.next !== null)
    throw retryable(attempt, 'a rollout is under way', Math.max(1, workload.next.at - simulation.cloud.world.time))
  const running = runningOf(workload)
  const image = running.length === 1 && workload.state === 'steady' ? (running[0]?.image ?? null) : null
  const actual: Properties = { ...workload.settings, image }
  for (const [property, value] of Object.entries(expected)) {
    const there = actual[property] ?? null
    if (jsonEqual(there, value)) continue
    const found = `${property} is ${JSON.stringify(there)}, not ${JSON.stringify(value)} as expected`
    throw refused(attempt, `${found}; nothing was changed`)
  }
}

/** Accepts a request once for its key. */
export function once(
  { fleet }: PlatformSimulation,
  key: string,
  request: JsonValue,
  attempt: Attempt,
  accept: () => FakeWorkload,
): { readonly answer: FakeRollOut; readonly effect: boolean } {
  const content = canonicalJson(request)
  const known = fleet.rollOuts.get(key)
  if (known !== undefined) {
    if (known.request === content) return { answer: known, effect: false }
    throw refused(attempt, `the idempotency key ${key} was used for another request`)
  }
  const { id, revision } = accept()
  const rollOut: FakeRollOut = { key, request: content, workload: id, revision, completed: false }
  fleet.rollOuts.set(key, rollOut)
  return { answer: rollOut, effect: true }
}

function withChanges(settings: Properties, changes: Properties): Properties {
  return Object.fromEntries(Object.entries({ ...settings, ...changes }).filter(([, value]) => value !== null))
}

function noteActivity(
  { cloud }: PlatformSimulation,
  { id, kind, name, account, region }: FakeWorkload,
  operation: string,
  by: Doer,
  properties?: readonly string[],
): void {
  const { activity, time } = cloud.world
  activity.push({
    id: `activity-${activity.length + 1}`,
    at: new Date(time).toISOString(),
    ref: { provider: cloud.name, account, region, type: kind, name, id },
    operation: `${kind}.${operation}`,
    principal: by.principal,
    ...(properties === undefined ? {} : { properties: [...new Set(properties)] }),
    ...(by.key === undefined ? {} : { idempotencyKey: by.key }),
  })
}
