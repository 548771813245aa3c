import { withoutFingerprint } from '@infraledger/core/adapter'
import type { ActivityLog, Clock, CloudProvider, CloudTarget, Fingerprinter } from '@infraledger/core/adapter'
import { activityLogOf } from './activity.ts'
import { arriveNow } from './agenda.ts'
import { matchesCall } from './calls.ts'
import type { FakeCall, FakeCallFilter } from './calls.ts'
import { consoleOf } from './console.ts'
import type { FakeConsole } from './console.ts'
import { faultBook } from './fault-book.ts'
import { fakeFaults } from './faults.ts'
import type { FakeFaults } from './faults.ts'
import { inspectionOf } from './inspection.ts'
import type { FakeInspection } from './inspection.ts'
import { providerEventsOf } from './itself.ts'
import type { FakeProviderEvents } from './itself.ts'
import { behavioursOf } from './kinds/standard-behaviours.ts'
import { grantsOf } from './kinds/grants.ts'
import type { KindOverrides } from './kinds/standard-behaviours.ts'
import { providerOf } from './provider.ts'
import { restoreWorld, saveWorld } from './saving.ts'
import type { FakeCloudSettings, Simulation } from './simulation.ts'
import { emptyWorld } from './world.ts'

/** How a fake cloud is set up; without anything but a clock it is fast to answer, consistent and patient. */
export type FakeCloudOptions = Partial<Omit<FakeCloudSettings, 'latencyMs'>> & {
  /** Everything in the cloud takes time on this clock. */
  readonly clock: Clock
  /** Of ids and latencies: the same seed and the same calls give the same cloud. Default 1. */
  readonly seed?: number
  /** The provider's name in refs and targets. Default `fake`. */
  readonly name?: string
  /** Where things are made unless said otherwise. Default account `main`, region `somewhere-1`. */
  readonly account?: string
  readonly region?: string
  /** How kinds behave, also kinds of your own; any unknown kind behaves like a simple thing with labels. */
  readonly kinds?: KindOverrides
  /** Operations that a grant may name; others are refused. Default: any. */
  readonly operations?: readonly string[]
  /** How long the way there and back take each: so long, or anything between two. Default 0. */
  readonly latencyMs?: number | readonly [number, number]
  /** What is kept of a secret's value. Default: nothing. */
  readonly fingerprint?: Fingerprinter
  /** Goes on from what {@link FakeCloud.save} returned, maybe in another process. */
  readonly saved?: string
  /** Called after every change, before its caller is answered: the place to write {@link FakeCloud.save} to a file. */
  readonly onChange?: () => void
}

/** A cloud in memory that behaves like one: see {@link fakeCloud}. */
export interface FakeCloud {
  /** For `openLedger({ clouds })`. */
  readonly provider: CloudProvider
  readonly activityLog: ActivityLog
  /** Where things are made by default: for an environment's `clouds`. */
  readonly target: CloudTarget
  /** The console of a person. */
  console(user: string): FakeConsole
  /** What the provider does by itself. */
  readonly itself: FakeProviderEvents
  readonly faults: FakeFaults
  readonly inspect: FakeInspection
  /** The calls that came through the ports so far, in order: `calls({ operation: 'create', effect: true })` are all creations. */
  calls(filter?: FakeCallFilter): readonly FakeCall[]
  /** The whole cloud as JSON text, operations under way included; faults and settings are the test's and not in it. */
  save(): string
}

/**
 * A small, honest simulation of a cloud: operations take time and pass through states, changes wait for maintenance windows, protected
 * things stay, names are reused, reads come in pages and may lag, calls fail as a test wants, and a log knows who did what.
 *
 * @example
 * const clock = virtualClock({ autoAdvance: true })
 * const cloud = fakeCloud({ clock })
 * cloud.console('grace').create('sql-instance', 'main', { tier: 'large' })
 * cloud.console('grace').modify('main', { 'backup.retentionDays': 3 })
 * cloud.faults.retryable({ operation: 'update' }, 2)
 * cloud.inspect.resource('main')?.properties['backup.retentionDays'] // 3
 */
export function fakeCloud(options: FakeCloudOptions): FakeCloud {
  return fakeCloudOf(simulationOf(options), options)
}

/** The fake cloud that a simulation drives: for servers of the testkit that speak for the same simulation. */
export function fakeCloudOf(simulation: Simulation, options: Pick<FakeCloudOptions, 'account' | 'region'>): FakeCloud {
  const { world, name } = simulation
  const target = { provider: name, account: options.account ?? 'main', region: options.region ?? 'somewhere-1' }
  return {
    provider: providerOf(simulation),
    activityLog: activityLogOf(simulation),
    target,
    console: (user) => consoleOf(simulation, user, target),
    itself: providerEventsOf(simulation),
    faults: fakeFaults(simulation.faults),
    inspect: inspectionOf(simulation),
    calls: (filter = {}) => world.calls.filter((made) => matchesCall(made, filter)),
    save() {
      arriveNow(simulation)
      return saveWorld(world)
    },
  }
}

/** Everything behind a fake cloud of these options. */
export function simulationOf(options: FakeCloudOptions): Simulation {
  const { latencyMs = 0 } = options
  return {
    name: options.name ?? 'fake',
    clock: options.clock,
    world: options.saved === undefined ? emptyWorld(options.seed ?? 1) : restoreWorld(options.saved),
    settings: {
      pageSize: options.pageSize ?? 100,
      consistencyDelayMs: options.consistencyDelayMs ?? 0,
      latencyMs: typeof latencyMs === 'number' ? [latencyMs, latencyMs] : latencyMs,
      pollMs: options.pollMs ?? 10_000,
      callsPerSecond: options.callsPerSecond ?? Infinity,
      activityDelayMs: options.activityDelayMs ?? 0,
    },
    faults: faultBook(),
    fingerprint: options.fingerprint ?? withoutFingerprint,
    behaviour: behavioursOf({ ...grantsOf(options.operations), ...options.kinds }),
    changed: options.onChange ?? (() => undefined),
  }
}
