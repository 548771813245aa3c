import { fakeAuthenticator, fakeCloud, fakePlatform, isSimulatedCrash, virtualClock } from '@infraledger/testkit'
import type { FakeCloud, FakePlatform, VirtualClock } from '@infraledger/testkit'
import { user } from '../../access/actor.ts'
import type { CloudProvider } from '../../cloud/cloud-provider.ts'
import { observationOf } from '../../compute/platform-answer.ts'
import { platformProvider } from '../../compute/platform-provider.ts'
import { gitPush } from '../../deployments/trigger.ts'
import { inMemoryEventStore } from '../../event-store/in-memory-event-store.ts'
import type { EventStore } from '../../event-store/event-store.ts'
import { kindCatalogue } from '../../graph/kind-catalogue.ts'
import { standardKinds } from '../../graph/standard-kinds.ts'
import { isLedgerError } from '../../ledger-error.ts'
import type { Environment } from '../environment.ts'
import { openLedger } from '../open-ledger.ts'
import type { Ledger } from '../open-ledger.ts'
import type { By } from '../options.ts'
import { suspendable } from '../suspended.fixture.ts'
import type { SuspendablePorts } from '../suspended.fixture.ts'
import { approvalPolicies, baselines, made, models, ownKinds, UNSERVED } from './catalogue.fixture.ts'
import type { Terms } from './rules/facts.fixture.ts'
import type { World } from './rules/moment.fixture.ts'
import type { Who } from './script/command.fixture.ts'
import { CLOUDS } from './script/script.fixture.ts'
import type { Setup } from './script/script.fixture.ts'
import { flakyStore } from './store.fixture.ts'
import type { FlakyStore } from './store.fixture.ts'
import { witness } from './witness.fixture.ts'
import type { Witness } from './witness.fixture.ts'

/** One process at work on the store: a ledger of its own, and maybe an executor. */
export type Process = {
  readonly ledger: Ledger
  readonly executes: boolean
  /** What ended its executor, if something did. */
  failure: unknown
  /** It is dead; whoever is told something next starts it anew. */
  dead: boolean
  readonly kill: () => void
  readonly suspend: () => void
  readonly resume: () => void
}

/** Where a script is played: one cloud, one platform, one store, a few processes, and a witness who sees what goes in and out. */
export type Stage = {
  readonly setup: Setup
  readonly clock: VirtualClock
  readonly cloud: FakeCloud
  readonly platform: FakePlatform
  readonly store: EventStore
  readonly flaky: FlakyStore
  readonly processes: Process[]
  readonly witness: Witness
  /** Serial of the newest state that was imported, by lineage. */
  readonly serials: Map<number, number>
  /** Every commit that was deployed, with its model. */
  readonly commits: { readonly commit: string; readonly model: (typeof models)[number] }[]
}

/** Everybody who ever says something. */
export const people: readonly Who[] = ['ada', 'linus', 'barbara', 'grace', 'mallory']

/** Persons who may approve. */
export const admins = ['ada', 'linus', 'barbara'] as const

/** Every kind that the script knows. */
export const kinds = kindCatalogue([...standardKinds, ...ownKinds])

/** Sets up the cloud with what is there before us, an environment, and its processes. */
export async function stage(setup: Setup): Promise<Stage> {
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z' })
  const kept = Object.entries(setup.baseline ? baselines : {}).map(([kind, baseline]) => [kind, { baseline }] as const)
  const behaviour = { kinds: Object.fromEntries(kept), ...CLOUDS[setup.cloud] }
  const cloud = fakeCloud({ clock, pollMs: 10 * 60_000, ...behaviour })
  const platform = fakePlatform({ clock })
  for (const { kind, name, properties } of made.slice(0, 3)) cloud.console('linus').create(kind, name, properties)
  const seen = witness(
    termsOf(setup, cloud),
    () => worldOf(cloud, platform),
    () => clock.now(),
  )
  const flaky = flakyStore(seen.witnessed(inMemoryEventStore()), () => seen.see({ type: 'store-failed' }))
  const ports = { setup, clock, cloud, platform, store: flaky, flaky }
  const set: Stage = { ...ports, processes: [], witness: seen, serials: new Map(), commits: [] }
  await found(set)
  for (let index = 0; index < 2; index++) set.processes.push(begin(set, index < setup.executors))
  if (setup.deployed !== null) await deployFirst(set, setup.deployed)
  return set
}

/** The environment, its people and its policies. */
async function found(set: Stage): Promise<void> {
  const { cloud, platform, setup } = set
  const ledger = openOn(set)
  const ada = await identityOf(set, ledger, 'ada')
  const clouds = setup.platform ? [cloud.target, platform.target] : [cloud.target]
  const prod = await ledger.createEnvironment(
    { name: 'prod', type: setup.type, clouds, approvals: { required: 0 } },
    ada,
  )
  await prod.grantRole({ subject: 'grace', role: 'member' }, ada)
  for (const subject of admins.slice(1)) await prod.grantRole({ subject, role: 'admin' }, ada)
  const approvals = approvalPolicies[setup.approvals % approvalPolicies.length] ?? { required: 1 }
  await prod.changePolicies({ approvals, drift: [] }, ada)
}

function termsOf(setup: Setup, cloud: FakeCloud): Terms {
  const capabilities = (kind: string) => withoutUnserved(cloud.provider).capabilities(kind)
  const runs = new Set(setup.platform ? ['service', 'container', 'gateway', 'cron-job'] : [])
  return {
    kinds,
    impact: (kind, property) => (runs.has(kind) ? undefined : capabilities(kind)?.impact[property]),
    lastCopy: (provider, kind) => (provider === cloud.target.provider ? capabilities(kind)?.lastCopy : undefined),
    baseline: (kind) => (setup.baseline ? baselines[kind] : undefined),
    late: !['plain', 'paged'].includes(setup.cloud),
    activityDelayMs: setup.cloud === 'slow' ? CLOUDS.slow.activityDelayMs : 0,
  }
}

function worldOf(cloud: FakeCloud, platform: FakePlatform): World {
  return {
    resources: [...cloud.inspect.resources(), ...platform.inspect.workloads().map(observationOf)],
    activity: [...cloud.inspect.activity(), ...platform.inspect.activity()],
    copies: cloud.inspect.snapshots(),
  }
}

async function deployFirst(set: Stage, pick: number): Promise<void> {
  const { ledger } = processOf(set, 0)
  const prod = ledger.environment('prod')
  const model = models[pick % models.length] ?? { services: [], needs: [] }
  set.commits.push({ commit: 'c0', model })
  const ada = await identityOf(set, ledger, 'ada')
  await prod.deploy({ trigger: gitPush({ commit: 'c0', ref: 'main', pusher: 'ada' }), model }, ada)
  if (set.setup.approvals > 0) await approveByAll(set, ledger)
  await set.clock.runUntil(finish(set, prod))
}

/** Somebody, as this ledger knows them: proven where it can, unless they only claim to be who they are. */
export async function identityOf({ setup }: Stage, ledger: Ledger, who: Who, asserted = false): Promise<By> {
  return { actor: setup.authenticates && !asserted ? await ledger.authenticate(`token of ${who}`) : user(who) }
}

/** Everybody who may approves what waits, in all its sections. */
export async function approveByAll(set: Stage, ledger: Ledger): Promise<void> {
  const { clock } = set
  const prod = ledger.environment('prod')
  for (const who of admins) {
    await clock.advance(0)
    await clock.runUntil(finish(set, prod))
    const [newest] = await prod.deployments()
    if (newest?.status !== 'waiting-for-approval') return
    const sections = newest.missingApprovals.flatMap(({ section }) => (section === 'all' ? [] : [section]))
    if (sections.length === 0) return
    const by = await identityOf(set, ledger, who)
    const approval = prod.deployment(newest.id).approve({ digest: newest.planDigest ?? '', sections }, by)
    await clock.runUntil(
      approval.catch((error: unknown) => {
        if (
          !isLedgerError(error, 'four-eyes-required') &&
          !isLedgerError(error, 'role-required') &&
          !isLedgerError(error, 'authentication-required')
        )
          throw error
      }),
    )
  }
}

/** Lets time pass until the newest deployment has ended or waits for somebody, or as long as anybody could wait for it. */
export async function finish({ clock }: Stage, prod: Environment): Promise<void> {
  for (let turn = 0; turn < 60; turn++) {
    const [newest] = await prod.deployments()
    if (newest === undefined || newest.endedAt !== undefined) return
    if (newest.status === 'waiting-for-approval' && !newest.isVoid && newest.missingApprovals.length > 0) return
    await clock.sleep(10 * 60_000)
  }
}

/** A ledger on the stage's store, as somebody opens it who is never suspended. */
export function openOn(set: Stage): Ledger {
  return openPorts(set, portsOf(set))
}

type Ports = Omit<SuspendablePorts, 'cloud'> & { readonly clouds: readonly CloudProvider[] }

/** What a process reaches the world through. The witness sees what really leaves it. */
function portsOf({ store, clock, cloud, platform, witness: seen, setup }: Stage): Ports {
  const outer = suspendable({ store, clock, cloud: seen.watched(withoutUnserved(cloud.provider)) })
  if (!setup.platform) return { ...outer, clouds: [outer.cloud] }
  const inner = suspendable({ store, clock, cloud: seen.watched(platformProvider(platform.platform)) })
  const both = (one: () => void, other: () => void) => () => {
    one()
    other()
  }
  return {
    ...outer,
    clouds: [outer.cloud, inner.cloud],
    suspend: both(outer.suspend, inner.suspend),
    resume: both(outer.resume, inner.resume),
  }
}

function openPorts({ setup }: Stage, { store, clock, clouds }: Ports): Ledger {
  const identities = Object.fromEntries(people.map((id) => [`token of ${id}`, { id }]))
  const proofs = setup.authenticates ? { authenticator: fakeAuthenticator(identities) } : {}
  return openLedger({ store, clock, clouds, kinds: ownKinds, ...proofs })
}

/** The process of that number; one that died is started anew first. */
export function processOf(set: Stage, index: number): Process {
  const place = index % set.processes.length
  const known = set.processes[place]
  if (known !== undefined && !known.dead) return known
  const next = begin(set, known?.executes ?? true)
  set.processes[place] = next
  return next
}

function begin(set: Stage, executes: boolean): Process {
  const ports = portsOf(set)
  const { suspend, resume } = ports
  const ledger = openPorts(set, ports)
  const dying = new AbortController()
  const kill = (): void => {
    dying.abort()
    resume()
  }
  const started: Process = { ledger, executes, failure: undefined, dead: false, kill, suspend, resume }
  if (!executes) return started
  const { concurrency } = set.setup
  ledger.runDeployments({ signal: dying.signal, concurrency }).stopped.catch((error: unknown) => {
    started.failure = error
    started.dead ||= isDeath(error)
  })
  return started
}

/** What ends a process without being a defect: its own death, and a ledger that cannot be written (DEPLOY 10). */
export function isDeath(error: unknown): boolean {
  return isSimulatedCrash(error) || isLedgerError(error, 'store-unavailable')
}

function withoutUnserved(provider: CloudProvider): CloudProvider {
  return { ...provider, capabilities: (kind) => (kind === UNSERVED ? undefined : provider.capabilities(kind)) }
}
