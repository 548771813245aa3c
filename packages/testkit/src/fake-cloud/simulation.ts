import type { Clock, Fingerprinter, JsonValue, Properties, ProviderRef } from '@infraledger/core/adapter'
import type { FaultBook } from './fault-book.ts'
import type { KindBehaviour } from './kinds/behaviour.ts'
import type { FakeResource, World } from './world.ts'

/** What a test sets on a fake cloud once. */
export type FakeCloudSettings = {
  /** Resources of one page, of reads and of listings. */
  readonly pageSize: number
  /** How long reads may still answer with what was before a change. */
  readonly consistencyDelayMs: number
  /** How long the way there and the way back take: each between these two. */
  readonly latencyMs: readonly [number, number]
  /** How often an operation under way is looked at. */
  readonly pollMs: number
  /** Calls of one virtual second before the cloud throttles. */
  readonly callsPerSecond: number
  /** How late activity shows up in the log. */
  readonly activityDelayMs: number
}

/** All parts of a running fake cloud, for its own files only. */
export type Simulation = {
  readonly name: string
  readonly clock: Clock
  readonly world: World
  readonly settings: FakeCloudSettings
  readonly faults: FaultBook
  readonly fingerprint: Fingerprinter
  behaviour(kind: string): KindBehaviour
  /** Called after what must not be lost, before anybody is answered. */
  changed(): void
}

/** Looks a resource up that must be known by its id. */
export function resourceOf(world: World, id: string): FakeResource {
  const resource = world.resources.get(id)
  if (resource === undefined) throw new Error(`the fake cloud lost ${id}: its saved state is not whole`)
  return resource
}

/** Puts the changed resource in its place, and keeps how it looked for readers that lag behind. */
export function alter(simulation: Simulation, id: string, change: Partial<FakeResource>, now: number): FakeResource {
  const { world } = simulation
  const before = resourceOf(world, id)
  const after = { ...before, ...change }
  keepPast(simulation, id, before, now)
  world.resources.set(id, after)
  return after
}

/** Adds a resource; lagging readers do not see it yet. */
export function add(simulation: Simulation, resource: FakeResource, now: number): void {
  const { world } = simulation
  const name = nameOf(resource)
  keepPast(simulation, resource.id, null, now)
  world.resources.set(resource.id, resource)
  world.names.set(name, [...(world.names.get(name) ?? []), resource.id])
}

function keepPast({ world, settings }: Simulation, id: string, view: FakeResource | null, now: number): void {
  if (settings.consistencyDelayMs <= 0) return
  const recent = (world.past.get(id) ?? []).filter(({ until }) => until > now - settings.consistencyDelayMs)
  world.past.set(id, [...recent, { until: now, view }])
}

/** The key of a resource by its reusable name. */
export function nameOf(thing: { kind: string; name: string; account: string; region: string }): string {
  return JSON.stringify([thing.kind, thing.account, thing.region, thing.name])
}

/** How the cloud refers to a resource. */
export function refOf(simulation: Simulation, resource: FakeResource): Required<ProviderRef> {
  const { id, kind, name, account, region } = resource
  return { provider: simulation.name, account, region, type: kind, name, id }
}

/** Values as the cloud keeps them: secrets as references. */
export function withoutSecrets(simulation: Simulation, kind: string, properties: Properties): Properties {
  const { secrets } = simulation.behaviour(kind)
  const kept = (key: string, value: JsonValue): JsonValue =>
    typeof value === 'string' && secrets.includes(key) ? simulation.fingerprint(value) : value
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, kept(key, value)]))
}
