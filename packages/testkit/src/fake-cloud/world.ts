import type { ActivityEntry, Properties, SnapshotReceipt } from '@infraledger/core/adapter'
import type { FakeCall } from './calls.ts'

/** A resource as it truly is. Never altered: a change puts another one in its place, so that an old view stays what it was. */
export type FakeResource = {
  /** Never used for another thing, unlike the name. */
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly account: string
  readonly region: string
  readonly createdAt: number
  readonly creationKey: string | null
  /** Immutable ids of the resources that it was created on. */
  readonly dependencies: readonly string[]
  /** In force now. */
  readonly properties: Properties
  /** Accepted, and waiting for the maintenance window. */
  readonly deferred: Properties
  readonly deferredUntil: number | null
  /** Being applied right now. */
  readonly inFlight: Properties
  readonly status: string
  /** No other change is accepted before. */
  readonly busyUntil: number
  readonly settingsVersion: number
  /** How many objects it holds, where its kind holds any. */
  readonly objects: number
}

/** What happens to a resource by itself at a moment to come. */
export type Happening = { readonly at: number; readonly resource: string } & (
  | { readonly type: 'becomes'; readonly status: string }
  | { readonly type: 'takes-effect' }
  | { readonly type: 'falls-through'; readonly status: string }
  | { readonly type: 'window-opens' }
  | { readonly type: 'starts' }
  | { readonly type: 'vanishes'; readonly keepAutomatedBackups: boolean }
)

/** An operation that the cloud accepted, known by its idempotency key for ever. */
export type FakeOperation = {
  readonly key: string
  readonly type: 'create' | 'update' | 'remove'
  /** Canonical JSON of the request: the same key for another request is refused. */
  readonly request: string
  readonly resource: string
  /** Keys that the request set. */
  readonly properties: readonly string[]
  readonly endsAt: number
  /** It will not work out. */
  readonly doomed: boolean
}

/** A copy that outlives its source. */
export type FakeSnapshot = {
  readonly name: string
  readonly source: string
  readonly sourceName: string
  readonly kind: string
  readonly properties: Properties
  readonly readyAt: number
  readonly doomed: boolean
}

/** The provider's own backups of an instance that is gone. */
export type AutomatedBackup = { readonly source: string; readonly sourceName: string; readonly keptSince: number }

/** How a resource looked before a change; `view` is null where there was none. */
export type PastView = { readonly until: number; readonly view: FakeResource | null }

/** Everything that the fake cloud knows; all of it goes into JSON. */
export type World = {
  /** The moment that it has been brought to. */
  time: number
  random: number
  readonly resources: Map<string, FakeResource>
  /** Immutable ids of all that ever had a name, oldest first. */
  readonly names: Map<string, readonly string[]>
  readonly past: Map<string, readonly PastView[]>
  /** In the order of happening. */
  readonly agenda: Happening[]
  readonly operations: Map<string, FakeOperation>
  readonly snapshots: Map<string, FakeSnapshot>
  readonly automatedBackups: AutomatedBackup[]
  readonly activity: ActivityEntry[]
  readonly calls: FakeCall[]
  /** Calls of the virtual second under way. */
  budget: { readonly second: number; readonly used: number }
}

/** A cloud in which nothing was ever made. */
export function emptyWorld(seed: number): World {
  return {
    time: 0,
    random: seed >>> 0,
    resources: new Map(),
    names: new Map(),
    past: new Map(),
    agenda: [],
    operations: new Map(),
    snapshots: new Map(),
    automatedBackups: [],
    activity: [],
    calls: [],
    budget: { second: 0, used: 0 },
  }
}

/** Whether a resource is no more. */
export function isGone(resource: FakeResource): boolean {
  return resource.status === 'gone'
}

/** What can be answered for a snapshot at a moment. */
export function receiptOf(snapshot: FakeSnapshot, now: number): SnapshotReceipt {
  if (now < snapshot.readyAt) return { name: snapshot.name, status: 'creating' }
  return { name: snapshot.name, status: snapshot.doomed ? 'failed' : 'available' }
}
