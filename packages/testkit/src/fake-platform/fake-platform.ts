import { LedgerError, withoutFingerprint } from '@infraledger/core/adapter'
import type {
  ActivityEntry,
  ActivityLog,
  Clock,
  CloudTarget,
  ComputePlatform,
  Properties,
} from '@infraledger/core/adapter'
import type { WorkloadObservation } from '@infraledger/core/adapter'
import { activityLogOf } from '../fake-cloud/activity.ts'
import { matchesCall } from '../fake-cloud/calls.ts'
import type { FakeCall, FakeCallFilter } from '../fake-cloud/calls.ts'
import { faultBook } from '../fake-cloud/fault-book.ts'
import { fakeFaults } from '../fake-cloud/faults.ts'
import type { FakeFaults } from '../fake-cloud/faults.ts'
import { genericBehaviour } from '../fake-cloud/kinds/behaviour.ts'
import { restoreWorld, saveWorld } from '../fake-cloud/saving.ts'
import { emptyWorld } from '../fake-cloud/world.ts'
import { platformOf } from './answering.ts'
import { arrive, begin, behind, end, revise, workloadOf } from './platform-simulation.ts'
import type { PlatformSimulation } from './platform-simulation.ts'
import { digestOf } from './rolling.ts'
import { emptyFleet } from './world.ts'
import type { FakeWorkload, Fleet } from './world.ts'

/** How a fake platform is set up. */
export type FakePlatformOptions = {
  /** Rollouts take time on this clock. */
  readonly clock: Clock
  /** Of ids and latencies: the same seed and the same calls give the same platform. Default 1. */
  readonly seed?: number
  /** Its name in refs and targets. Default `runner`. */
  readonly name?: string
  /** Where things run unless said otherwise. Default account `main`, region `somewhere-1`. */
  readonly account?: string
  readonly region?: string
  /** Kinds that it runs. Default `service`, `container`, `gateway` and `cron-job`. */
  readonly kinds?: readonly string[]
  /** How long one replica takes to be replaced. Default 10 seconds. */
  readonly replicaMs?: number
  /** Workloads of one page. Default 100. */
  readonly pageSize?: number
  /** How long the way there and back take each: so long, or anything between two. Default 0. */
  readonly latencyMs?: number | readonly [number, number]
  /** Goes on from what {@link FakePlatform.save} returned, maybe in another process. */
  readonly saved?: string
  /** Called after every change, before its caller is answered: the place to write {@link FakePlatform.save} to a file. */
  readonly onChange?: () => void
}

/** The platform as a person uses it, past the ledger. */
export interface FakePlatformConsole {
  /** Runs something new. */
  run(kind: string, name: string, image: string, settings?: Properties): void
  /** Rolls out by hand; a rollout under way is displaced. */
  rollOut(name: string, change: { readonly image?: string; readonly settings?: Properties }): void
  /** Replaces all replicas: what their tag means now is pulled. */
  restart(name: string): void
  remove(name: string): void
}

/** A platform in memory that runs images as one would: see {@link fakePlatform}. */
export interface FakePlatform {
  /** For `openLedger({ platforms })`. */
  readonly platform: ComputePlatform
  readonly activityLog: ActivityLog
  /** Where things run by default: for an environment's `clouds`. */
  readonly target: CloudTarget
  console(user: string): FakePlatformConsole
  /** Where images come from: a push to a tag gives it another digest, which is answered. What runs already stays as it is. */
  readonly registry: { push(image: string): string; digest(image: string): string }
  /** `create` and `update` are rollouts; `failMidway` stops one when half of the replicas, rounded down, are new. */
  readonly faults: FakeFaults
  /** Looks at the truth: no fault, no page, no call counted. */
  readonly inspect: {
    workload(name: string): WorkloadObservation | undefined
    workloads(): readonly WorkloadObservation[]
    /** The whole activity. */
    activity(): readonly ActivityEntry[]
  }
  /** The calls that came through the port so far, in order. */
  calls(filter?: FakeCallFilter): readonly FakeCall[]
  /** The whole platform as JSON text, rollouts under way included; faults and settings are the test's and not in it. */
  save(): string
}

/**
 * A small, honest simulation of what runs images: rollouts replace one replica after the other and may stop halfway, tags move, persons
 * roll out by hand, calls fail as a test wants, and a log knows who did what.
 *
 * @example
 * const runner = fakePlatform({ clock })
 * const ledger = openLedger({ store, clouds: [cloud.provider], platforms: [runner.platform], clock })
 * runner.faults.failMidway({ operation: 'update', name: 'prod-checkout' })
 * runner.inspect.workload('prod-checkout')?.running // [{ image: 'checkout:1', … }, { image: 'checkout:2', … }]
 */
export function fakePlatform(options: FakePlatformOptions): FakePlatform {
  const simulation = simulationOf(options)
  const { cloud, fleet } = simulation
  const target = { provider: cloud.name, account: options.account ?? 'main', region: options.region ?? 'somewhere-1' }
  const seen = (workload: FakeWorkload | undefined): WorkloadObservation | undefined =>
    workload === undefined ? undefined : workloadOf(simulation, workload)
  return {
    platform: platformOf(simulation),
    activityLog: activityLogOf(cloud),
    target,
    console: (user) => consoleOf(simulation, user, target),
    registry: {
      push(image) {
        fleet.pushes.set(image, (fleet.pushes.get(image) ?? 0) + 1)
        cloud.changed()
        return digestOf(fleet, image)
      },
      digest: (image) => digestOf(fleet, image),
    },
    faults: fakeFaults(cloud.faults),
    inspect: {
      workload(name) {
        arrive(simulation)
        return seen(named(simulation, name))
      },
      workloads() {
        arrive(simulation)
        return [...fleet.workloads.values()].flatMap((workload) => (workload.gone ? [] : (seen(workload) ?? [])))
      },
      activity: () => [...cloud.world.activity],
    },
    calls: (filter = {}) => cloud.world.calls.filter((made) => matchesCall(made, filter)),
    save() {
      arrive(simulation)
      const { workloads, rollOuts, pushes } = fleet
      return JSON.stringify({
        format: FORMAT,
        cloud: saveWorld(cloud.world),
        workloads: [...workloads],
        rollOuts: [...rollOuts],
        pushes: [...pushes],
      })
    },
  }
}

const FORMAT = 'infraledger-fake-platform-1'

function simulationOf(options: FakePlatformOptions): PlatformSimulation {
  const { latencyMs = 0, clock } = options
  const saved = options.saved === undefined ? undefined : restore(options.saved)
  return {
    clock,
    fleet: saved?.fleet ?? emptyFleet(),
    kinds: options.kinds ?? ['service', 'container', 'gateway', 'cron-job'],
    replicaMs: options.replicaMs ?? 10_000,
    cloud: {
      name: options.name ?? 'runner',
      clock,
      world: saved === undefined ? emptyWorld(options.seed ?? 1) : restoreWorld(saved.cloud),
      settings: {
        pageSize: options.pageSize ?? 100,
        consistencyDelayMs: 0,
        latencyMs: typeof latencyMs === 'number' ? [latencyMs, latencyMs] : latencyMs,
        pollMs: 10_000,
        callsPerSecond: Infinity,
        activityDelayMs: 0,
      },
      faults: faultBook(),
      fingerprint: withoutFingerprint,
      behaviour: () => genericBehaviour,
      changed: options.onChange ?? (() => undefined),
    },
  }
}

function restore(text: string): { readonly cloud: string; readonly fleet: Fleet } {
  try {
    const saved: unknown = JSON.parse(text)
    // The format says that save() above wrote it, so its shape is known.
    const { format, cloud, workloads, rollOuts, pushes } = saved as {
      format?: string
      cloud: string
      workloads: [string, FakeWorkload][]
      rollOuts: [string, Fleet['rollOuts'] extends Map<string, infer R> ? R : never][]
      pushes: [string, number][]
    }
    if (format === FORMAT)
      return {
        cloud,
        fleet: { workloads: new Map(workloads), rollOuts: new Map(rollOuts), pushes: new Map(pushes) },
      }
  } catch {
    // Said below, like any other text that is not a saved platform.
  }
  const problem = `is not what save() of this version returns (${FORMAT})`
  throw new LedgerError('input-invalid', `the saved fake platform ${problem}`, {
    what: 'saved',
    issues: [{ path: 'saved', problem }],
  })
}

function named({ fleet }: PlatformSimulation, name: string): FakeWorkload | undefined {
  return [...fleet.workloads.values()].find((workload) => !workload.gone && workload.name === name)
}

function consoleOf(simulation: PlatformSimulation, user: string, home: CloudTarget): FakePlatformConsole {
  const by = { principal: { type: 'user', id: user } } as const
  const wantedOf = (kind: string, name: string, settings: Properties = {}) => ({
    kind,
    settings,
    by,
    attempt: { provider: simulation.cloud.name, operation: 'rollOut', kind, name },
    doomed: false,
  })
  const on = (name: string, act: (workload: FakeWorkload) => void): void => {
    arrive(simulation)
    const found = named(simulation, name)
    const there = found === undefined ? undefined : behind(simulation, workloadOf(simulation, found).ref)
    if (there === undefined) {
      const problem = 'there is no such workload'
      throw new LedgerError('input-invalid', `"${name}": ${problem}`, {
        what: 'workload',
        issues: [{ path: name, problem }],
      })
    }
    act(there)
    simulation.cloud.changed()
  }
  return {
    run(kind, name, image, settings) {
      arrive(simulation)
      const { account, region } = home
      begin(simulation, { account, region, name }, { ...wantedOf(kind, name, settings), image })
      simulation.cloud.changed()
    },
    rollOut: (name, { image, settings }) =>
      on(name, (workload) => {
        const wanted = wantedOf(workload.kind, name, settings)
        revise(simulation, workload, image === undefined ? wanted : { ...wanted, image })
      }),
    restart: (name) =>
      on(name, (workload) => revise(simulation, workload, { ...wantedOf(workload.kind, name), image: workload.image })),
    remove: (name) => on(name, (workload) => end(simulation, workload, by)),
  }
}
