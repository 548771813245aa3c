import { fakeCloud, isSimulatedCrash, virtualClock } from '@infraledger/testkit'
import type { FakeCloud, VirtualClock } from '@infraledger/testkit'
import type { CloudProvider } from '../../cloud/cloud-provider.ts'
import { user } from '../../access/actor.ts'
import { gitPush } from '../../deployments/trigger.ts'
import { inMemoryEventStore } from '../../event-store/in-memory-event-store.ts'
import type { EventStore } from '../../event-store/event-store.ts'
import { kindCatalogue } from '../../graph/kind-catalogue.ts'
import { standardKinds } from '../../graph/standard-kinds.ts'
import { approvalPolicies, made, models, ownKinds, UNSERVED } from './catalogue.fixture.ts'
import { CLOUDS } from './script.fixture.ts'
import type { Setup } from './script.fixture.ts'
import { flakyStore } from './store.fixture.ts'
import type { FlakyStore } from './store.fixture.ts'
import { suspendable } from '../suspended.fixture.ts'
import type { SuspendablePorts } from '../suspended.fixture.ts'
import { truthsOf } from './truths.fixture.ts'
import { witness } from './witness.fixture.ts'
import type { Witness } from './witness.fixture.ts'
import { isLedgerError } from '../../ledger-error.ts'
import { ada } from '../ledger.fixture.ts'
import type { Environment } from '../environment.ts'
import { openLedger } from '../open-ledger.ts'
import type { Ledger } from '../open-ledger.ts'

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

/** Where a script is played: one cloud, one store, a few processes, and a witness who sees every append and every call. */
export type Stage = {
  readonly setup: Setup
  readonly clock: VirtualClock
  readonly cloud: FakeCloud
  readonly store: EventStore
  readonly flaky: FlakyStore
  readonly processes: Process[]
  readonly witness: Witness
  /** Serial of the newest state that was imported, by lineage. */
  readonly serials: Map<number, number>
  commits: number
}

/** Persons who may approve. */
export const admins = ['ada', 'linus', 'barbara'] as const

/** Every kind that the script knows. */
export const kinds = kindCatalogue([...standardKinds, ...ownKinds])

/** Sets up the cloud with what is there before us, an environment, and its processes. */
export async function stage(setup: Setup): Promise<Stage> {
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z' })
  const cloud = fakeCloud({ clock, pollMs: 10 * 60_000, ...CLOUDS[setup.cloud] })
  for (const { kind, name, properties } of made.slice(0, 3)) cloud.console('linus').create(kind, name, properties)
  const seen = witness(cloud, kinds, truthsOf(cloud, !['plain', 'paged'].includes(setup.cloud)))
  const flaky = flakyStore(seen.witnessed(inMemoryEventStore()))
  const store: EventStore = flaky
  const set: Stage = { setup, clock, cloud, store, flaky, processes: [], witness: seen, serials: new Map(), commits: 0 }
  const prod = await openLedger({ store, clock }).createEnvironment(
    { name: 'prod', type: setup.type, clouds: [cloud.target], approvals: { required: 0 } },
    ada,
  )
  await prod.grantRole({ subject: 'grace', role: 'member' }, ada)
  for (const subject of admins.slice(1)) await prod.grantRole({ subject, role: 'admin' }, ada)
  const approvals = approvalPolicies[setup.approvals % approvalPolicies.length] ?? { required: 1 }
  await prod.changePolicies({ approvals, drift: [] }, ada)
  for (let index = 0; index < 2; index++) set.processes.push(begin(set, index < setup.executors))
  if (setup.deployed !== null) await deployFirst(set, setup.deployed)
  return set
}

async function deployFirst(set: Stage, pick: number): Promise<void> {
  const prod = processOf(set, 0).ledger.environment('prod')
  const model = models[pick % models.length] ?? { services: [], needs: [] }
  await prod.deploy({ trigger: gitPush({ commit: 'c0', ref: 'main', pusher: 'ada' }), model })
  if (set.setup.approvals > 0) await approveByAll(set, prod)
  await set.clock.runUntil(finish(set, prod))
}

/** Everybody who may approves what waits, in all its sections. */
export async function approveByAll(set: Stage, prod: Environment): Promise<void> {
  const { clock } = set
  for (const who of admins) {
    await clock.advance(0)
    await clock.runUntil(finish(set, prod))
    const [newest] = await prod.deployments()
    if (newest?.status !== 'waiting-for-approval') return
    const sections = newest.missingApprovals.flatMap(({ section }) => (section === 'all' ? [] : [section]))
    if (sections.length === 0) return
    const approval = prod
      .deployment(newest.id)
      .approve({ digest: newest.planDigest ?? '', sections }, { actor: user(who) })
    await clock.runUntil(
      approval.catch((error: unknown) => {
        if (!isLedgerError(error, 'four-eyes-required') && !isLedgerError(error, 'role-required')) throw error
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
  return openPorts(portsOf(set))
}

/** What a process reaches the world through. The witness sees what really leaves it. */
function portsOf({ store, clock, cloud, witness }: Stage): SuspendablePorts {
  return suspendable({ store, clock, cloud: witness.watched(withoutUnserved(cloud.provider)) })
}

function openPorts({ store, clock, cloud }: SuspendablePorts): Ledger {
  return openLedger({ store, clock, clouds: [cloud], kinds: ownKinds })
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
  const ledger = openPorts(ports)
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
