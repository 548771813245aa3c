import type { ActivityEntry, ActivityLog } from '../cloud/activity-log.ts'
import type { CloudProvider, CloudTarget } from '../cloud/cloud-provider.ts'
import type { ObservationPage } from '../cloud/observation.ts'
import { refKey } from '../cloud/provider-ref.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { Clock } from '../clock.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import { nodeByRef } from '../graph/state.ts'
import type { GraphSlice } from '../graph/state.ts'
import { LedgerError } from '../ledger-error.ts'
import { activityRanges } from './activity-range.ts'
import type { ActivityRange } from './activity-range.ts'
import type { DriftCommand, DriftCommandOf } from './commands.ts'
import { readWithRetries } from './retries.ts'
import { displacedBy } from './standing.ts'
import { survey } from './survey.ts'
import type { ReconcileScope, Survey } from './survey.ts'
import { scanTally } from './tally.ts'
import type { Reconciliation, Tally } from './tally.ts'
import { describeTarget } from './target.ts'
import { because, unseenIn } from './unseen.ts'

/** Resources that one command records. */
const RESOURCES_PER_PAGE = 200
/** Resources that one read asks for. */
const REFS_PER_READ = 500
/** Activity entries on known resources that one scan takes from one log; the next scan goes on from there. */
const ACTIVITIES_PER_LOG = 10_000
const ACTIVITIES_PER_COMMAND = 500
/** Nodes that one scan may name. */
const NODES_PER_SCAN = 2_000
/** Activity logs of which a scan remembers how far it read; the others are read again. */
const LOGS_REMEMBERED = 256

/** The state, and the revision of the last event in it. */
export type Situation = { readonly state: EnvironmentState; readonly revision: number }

/** What a reconciler is handed: the ports, the state as it is now, and how to tell the ledger. It holds no rule. */
export type ReconcilerPorts = {
  /** Called again before each page, so that it may answer the live state. */
  readonly state: () => Situation | Promise<Situation>
  readonly execute: (command: DriftCommand) => Promise<readonly DomainEvent[]>
  readonly clouds: readonly CloudProvider[]
  readonly activityLogs: readonly ActivityLog[]
  readonly kinds: KindCatalogue
  readonly clock: Clock
  readonly newId: () => string
  /** Default: the whole environment. */
  readonly scope?: ReconcileScope
  readonly signal?: AbortSignal
}

type Scan = {
  readonly ports: ReconcilerPorts
  readonly observation: string
  readonly startedRevision: number
  readonly survey: Survey
  readonly tally: Tally
  /** Nodes, and keys of refs without one, that a provider answered for. */
  readonly answered: Set<string>
}

/**
 * Observes an environment and tells the ledger: lists its targets, asks for what the ledger knows and no listing showed, has drift
 * attributed, and closes with what could not be seen. Writes nothing to a provider. A provider that fails ends its own part only.
 * Throws when the ledger refuses, and the signal's reason when it aborts; what was recorded until then stays.
 */
export async function reconcile(ports: ReconcilerPorts): Promise<Reconciliation> {
  const scope = ports.scope ?? { type: 'environment' }
  if (scope.type === 'nodes' && scope.nodes.length > NODES_PER_SCAN) throw tooManyNodes(scope.nodes.length)
  const startedAt = ports.clock.now().toISOString()
  const { state, revision: startedRevision } = await ports.state()
  const scan: Scan = {
    ports,
    observation: ports.newId(),
    startedRevision,
    survey: survey(state, ports.clouds, scope),
    tally: scanTally(),
    answered: new Set(),
  }
  scan.tally.add({ unseen: scan.survey.unseen })
  for (const cloud of ports.clouds) {
    for (const target of scan.survey.listings) if (target.provider === cloud.name) await list(scan, cloud, target)
    await ask(scan, cloud)
  }
  const activityRead = await attribute(scan)
  const { observation, tally } = scan
  const { counts, unseen, unseenCount } = tally
  await ports.execute({
    type: 'complete-observation',
    observation,
    scope: scan.survey.scope,
    startedAt,
    startedRevision,
    counts,
    unseen: [...unseen],
    unseenCount,
    activityRead,
  })
  return tally.result({ observation, startedAt, finishedAt: ports.clock.now().toISOString() })
}

/** Lists all there is in a target. */
async function list(scan: Scan, cloud: CloudProvider, target: CloudTarget): Promise<void> {
  const { ports } = scan
  const kinds = scan.survey.scope.type === 'targets' ? scan.survey.scope.kinds : undefined
  const options = { ...(kinds === undefined ? {} : { kinds }), ...signalOf(ports) }
  for await (const read of readWithRetries(() => cloud.discover(target, options), ports)) {
    if (read.type === 'read') await record(scan, read.value, false)
    else scan.tally.add({ unseen: [because(`the listing of ${describeTarget(target)} ended early: ${read.reason}`)] })
  }
}

/** Asks for what the ledger knows and no listing showed. Where a provider fails altogether, the rest of it is unseen. */
async function ask(scan: Scan, cloud: CloudProvider): Promise<void> {
  const { ports, answered } = scan
  const known = scan.survey.known.filter(({ node, ref }) => ref.provider === cloud.name && !answered.has(node))
  const unmanaged = scan.survey.unmanaged.filter((ref) => ref.provider === cloud.name && !answered.has(refKey(ref)))
  const refs = [...known.map(({ ref }) => ref), ...unmanaged]
  for (let from = 0; from < refs.length; from += REFS_PER_READ) {
    const asked = refs.slice(from, from + REFS_PER_READ)
    for await (const read of readWithRetries(() => cloud.observe(asked, signalOf(ports)), ports)) {
      if (read.type === 'read') await record(scan, read.value, true)
      else {
        scan.tally.add({ unseen: [because(read.reason, { provider: cloud.name })] })
        return
      }
    }
  }
  scan.tally.add({
    unseen: known
      .filter(({ node }) => !answered.has(node))
      .map(({ node }) => because('the provider gave no answer', { node })),
  })
}

/** Tells the ledger a page, in as many commands as its size needs. What was told in this scan already is left out. */
async function record(scan: Scan, page: ObservationPage, asked: boolean): Promise<void> {
  const { ports, tally, answered } = scan
  const { graph } = (await ports.state()).state
  const nodeOf = (ref: ProviderRef): string | undefined =>
    nodeByRef(graph, ref) ?? (asked ? displacedBy(graph, ref) : undefined)
  const isNew = (ref: ProviderRef): boolean => {
    const node = nodeByRef(graph, ref)
    // What no node knows may be the answer to a question for another thing of that name.
    return node === undefined ? asked || !answered.has(refKey(ref)) : !answered.has(node)
  }
  const found = page.found.filter(({ ref }) => isNew(ref))
  const refs = [...page.found.map(({ ref }) => ref), ...page.missing, ...page.failed.flatMap(({ ref }) => ref ?? [])]
  for (const ref of refs) answered.add(nodeOf(ref) ?? refKey(ref)).add(refKey(ref))

  const observedAt = ports.clock.now().toISOString()
  const longest = Math.max(found.length, page.missing.length, page.failed.length)
  for (let from = 0; from < longest; from += RESOURCES_PER_PAGE) {
    const part = <T>(all: readonly T[]): readonly T[] => all.slice(from, from + RESOURCES_PER_PAGE)
    const command: DriftCommandOf<'record-observations'> = {
      type: 'record-observations',
      observation: scan.observation,
      startedRevision: scan.startedRevision,
      observedAt,
      resources: part(found),
      missing: part(page.missing),
      failed: part(page.failed),
      asked,
    }
    const unseen = unseenIn((await ports.state()).state, command, { now: observedAt, kinds: ports.kinds })
    const decides = command.resources.length > 0 || command.missing.length > 0
    tally.add({ resources: command.resources.length, events: decides ? await ports.execute(command) : [], unseen })
  }
}

type ActivityRead = DriftCommandOf<'complete-observation'>['activityRead']

/** Has drift attributed from the activity logs; answers how far each was read. Where there is no log, the answer will be `unknown`. */
async function attribute(scan: Scan): Promise<ActivityRead> {
  const { ports, tally } = scan
  const activityRead: ActivityRead = []
  const now = ports.clock.now().toISOString()
  for (const range of activityRanges((await ports.state()).state, scan.survey, now)) {
    const log = ports.activityLogs.find(({ provider }) => provider === range.target.provider)
    const { target } = range
    if (log === undefined) {
      if (range.awaited)
        tally.add({ events: await ports.execute({ type: 'attribute-drift', target, entries: [], until: now }) })
      continue
    }
    const read = await readLog(scan, log, range, now)
    if (read.type === 'failed') {
      tally.add({
        unseen: [because(`the activity log of ${describeTarget(target)} could not be read: ${read.reason}`)],
      })
      continue
    }
    const pages = byResource((await ports.state()).state.graph, read.entries)
    for (const [index, entries] of pages.entries()) {
      if (entries.length === 0 && !range.awaited) continue
      const until = index === pages.length - 1 ? { until: read.until } : {}
      tally.add({ events: await ports.execute({ type: 'attribute-drift', target, entries, ...until }) })
    }
    if (activityRead.length < LOGS_REMEMBERED) activityRead.push({ ...target, until: read.until })
  }
  return activityRead
}

type LogRead =
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'read'; readonly entries: readonly ActivityEntry[]; readonly until: string }

async function readLog(
  scan: Scan,
  log: ActivityLog,
  { target, since }: ActivityRange,
  until: string,
): Promise<LogRead> {
  const { state } = await scan.ports.state()
  const entries = new Map<string, ActivityEntry>()
  for await (const read of readWithRetries(() => log.entries(target, { since, until }), scan.ports)) {
    if (read.type === 'failed') return read
    if (nodeByRef(state.graph, read.value.ref) === undefined) continue
    entries.set(read.value.id, read.value)
    if (entries.size >= ACTIVITIES_PER_LOG)
      return { type: 'read', entries: [...entries.values()], until: read.value.at }
  }
  return { type: 'read', entries: [...entries.values()], until }
}

/** Pages of entries in which all entries of one resource stand together; at least one page. */
function byResource(graph: GraphSlice, entries: readonly ActivityEntry[]): readonly (readonly ActivityEntry[])[] {
  const pages: ActivityEntry[][] = [[]]
  for (const group of Map.groupBy(entries, ({ ref }) => nodeByRef(graph, ref)).values()) {
    const last = pages.at(-1)
    if (last === undefined || (last.length > 0 && last.length + group.length > ACTIVITIES_PER_COMMAND))
      pages.push(group)
    else last.push(...group)
  }
  return pages
}

function signalOf({ signal }: ReconcilerPorts): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}

function tooManyNodes(given: number): LedgerError {
  const problem = `${given} nodes; at most ${NODES_PER_SCAN} in one scan: reconcile the environment or its targets instead`
  return new LedgerError('input-invalid', `the scope names ${problem}`, {
    what: 'scope',
    issues: [{ path: 'nodes', problem }],
  })
}
