import type { Impact, JsonValue, KindCapabilities, Properties } from '@infraledger/core/adapter'
import type { FakeResource } from '../world.ts'

/** How resources of a kind behave in the fake cloud. Times are of the virtual clock. */
export type KindBehaviour = {
  readonly createMs: number
  /** How long a change takes that interrupts nobody. */
  readonly modifyMs: number
  /** How long a change takes whose impact is not `online`. */
  readonly interruptMs: number
  readonly removeMs: number
  /** A first backup right after creation; 0 for none. */
  readonly firstBackupMs: number
  readonly snapshotMs: number
  /** What the provider sets where nobody asks for anything. */
  readonly defaults: Properties
  /** What changing a property means; `online` for those not named. `replace` makes a property immutable. */
  readonly impact: Readonly<Record<string, Impact>>
  readonly lastCopy: KindCapabilities['lastCopy']
  /** What this version of the cloud's adapter keeps current on resources that the ledger manages. */
  readonly baseline: Properties
  /** Map properties, whose members are keys such as `labels["team"]`. */
  readonly maps: readonly string[]
  /** Refuse to shrink. */
  readonly growthOnly: readonly string[]
  /** Kept as references, never as values. */
  readonly secrets: readonly string[]
  /** Kinds of resources that it cannot be made without. */
  readonly requires: readonly string[]
  /** What becomes of resources made on one that is removed, by their kind; others are left as they are. */
  readonly dependents: Readonly<Record<string, 'removed-too' | 'blocks'>>
  /** Has to be emptied before it can be removed. */
  readonly holdsObjects: boolean
  /** `now` applies what waits for the window, too, as RDS's `ApplyImmediately` does. */
  readonly nowAppliesAll: boolean
  /** What the provider makes of the values that were asked for: full versions, settings that follow from others. */
  complete(wanted: Properties, current: Properties): Properties
  /** Why the provider would not have these values, if so. */
  problem(wanted: Properties, current: Properties): string | undefined
  /** Changes that wait for the maintenance window although their impact is `online`. */
  alsoWaits(property: string, wanted: Properties, current: Properties): boolean
  /** Output-only values, all of them volatile. */
  outputs(resource: FakeResource, now: number): Properties
}

/** The impact of a change, for members of a map that of the map. */
export function impactOf(behaviour: KindBehaviour, property: string): Impact {
  return lookUp(behaviour.impact, property) ?? lookUp(behaviour.impact, mapOf(property) ?? '') ?? 'online'
}

/** Whether a change waits for the maintenance window unless it is asked for now. */
export function waitsForWindow(
  behaviour: KindBehaviour,
  property: string,
  wanted: Properties,
  current: Properties,
): boolean {
  return impactOf(behaviour, property) !== 'online' || behaviour.alsoWaits(property, wanted, current)
}

/** An entry of a table, and nothing that every object has. */
export function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}

/** The map that a key such as `labels["team"]` is a member of. */
function mapOf(property: string): string | undefined {
  const bracket = property.indexOf('["')
  return bracket > 0 && property.endsWith('"]') ? property.slice(0, bracket) : undefined
}

/** One set of values put on another; a member of a map that is set to null is gone. */
export function put(changes: Properties, onto: Properties): Properties {
  const entries: [string, JsonValue][] = Object.entries({ ...onto, ...changes })
  return Object.fromEntries(entries.filter(([key, value]) => value !== null || mapOf(key) === undefined))
}

/** Keys that the provider writes and nobody else: recorded, never compared. */
export const FAKE_VOLATILE_PROPERTIES = [
  'provider.createdAt',
  'provider.endpoint',
  'provider.latestRestorableTime',
  'provider.settingsVersion',
] as const

/** What the fake cloud does with a kind that it has never heard of. */
export const genericBehaviour: KindBehaviour = {
  createMs: 5_000,
  modifyMs: 2_000,
  interruptMs: 10_000,
  removeMs: 3_000,
  firstBackupMs: 0,
  snapshotMs: 30_000,
  defaults: {},
  impact: {},
  lastCopy: 'none',
  baseline: {},
  maps: ['labels'],
  growthOnly: [],
  secrets: [],
  requires: [],
  dependents: {},
  holdsObjects: false,
  nowAppliesAll: false,
  complete: (wanted) => wanted,
  problem: () => undefined,
  alsoWaits: () => false,
  outputs: (resource) => ({
    'provider.createdAt': new Date(resource.createdAt).toISOString(),
    'provider.settingsVersion': resource.settingsVersion,
  }),
}
