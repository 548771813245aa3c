import { system } from '../access/actor.ts'
import { recordedCloud, targetsOf } from '../cloud/recorded-reading.ts'
import type { RecordedReading } from '../cloud/recorded-reading.ts'
import type { CloudProvider } from '../cloud/cloud-provider.ts'
import { refKey } from '../cloud/provider-ref.ts'
import { reconcile } from '../drift/reconciler.ts'
import type { ReconcilerPorts } from '../drift/reconciler.ts'
import { currentDeployment } from '../deployments/state.ts'
import { driftReport } from '../drift/report.ts'
import type { DriftReport } from '../drift/report.ts'
import type { ReconcileScope } from '../drift/survey.ts'
import type { Reconciliation } from '../drift/tally.ts'
import type { ImportedNode } from '../graph/imported-graph.ts'
import type { NodeId } from '../graph/ids.ts'
import { nodeByRef } from '../graph/state.ts'
import type { Clock } from '../clock.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import { correlationOf } from './observed-execute.ts'
import { settleExternal } from './external-methods.ts'
import type { By } from './options.ts'
import { tellScan } from './told-scan.ts'

/** What there is, against what is recorded. */
export interface DriftMethods {
  /**
   * Observes the environment, decides about every difference and records what was decided, as the library itself. Never writes to a cloud. A
   * provider that cannot be read is named in `unseen` and decides nothing; one that is aborted throws the signal's reason. Throws
   * `input-invalid` for a scope of more than 2,000 nodes, `environment-destroyed`, `environment-deleted`.
   */
  reconcile(options?: { readonly scope?: ReconcileScope; readonly signal?: AbortSignal }): Promise<Reconciliation>
  /** What stands between the ledger and the world as far as it is known: differences, what is missing, unmanaged, or in flight. */
  drift(): Promise<DriftReport>
  /**
   * Says what drift that was adopted is: who meant it, or what is done about it (members). Any number may review it; the same person once.
   * Throws `drift-not-found` where the version adopted none, `node-not-found`, `person-required`, `input-invalid` without a comment.
   */
  reviewDrift(
    review: { readonly node: NodeId; readonly version: number; readonly comment: string },
    by: By,
  ): Promise<void>
  /**
   * Takes recorded answers of a provider, one reading after the other: resources that no node knows are imported (observed), for those
   * that are known the drift since the last reading is decided, property by property. Answers one result for each reading.
   */
  importObservations(readings: readonly RecordedReading[], by: By): Promise<readonly ReadingResult[]>
}

/** What one recorded reading brought. */
export type ReadingResult = {
  readonly reading: string
  readonly imported: number
  readonly reconciliation: Reconciliation
}

/** Observation and drift of one environment. */
export function driftMethods(access: EnvironmentAccess): DriftMethods {
  return {
    async reconcile({ scope, signal } = {}) {
      await access.read()
      return scan(access, {
        clouds: [...access.services.clouds.values()],
        ...(scope === undefined ? {} : { scope }),
        ...(signal === undefined ? {} : { signal }),
      })
    },
    async drift() {
      return driftReport(await access.read())
    },
    async reviewDrift({ node, version, comment }, by) {
      const { graph } = await access.read()
      // What was adopted longer ago may lie before what a snapshot holds.
      if ((graph.nodes.get(node)?.skipped ?? 0) >= version) await access.readHistory()
      await access.execute({ type: 'review-drift', node, version, comment }, by)
    },
    async importObservations(readings, by) {
      const results: ReadingResult[] = []
      for (const reading of readings) results.push(await takeReading(access, reading, by))
      return results
    },
  }
}

/** A whole scan of an environment, as deployments begin with one. */
export async function reconcileEnvironment(access: EnvironmentAccess, signal: AbortSignal): Promise<Reconciliation> {
  const { id } = currentDeployment(access.stream.state.deployments) ?? {}
  const belongsTo = correlationOf(access.stream, id)
  return scan(access, { clouds: [...access.services.clouds.values()], signal, ...belongsTo })
}

type ScanInput = {
  readonly clouds: readonly CloudProvider[]
  readonly scope?: ReconcileScope
  readonly signal?: AbortSignal
  readonly clock?: Clock
  readonly correlationId?: string
}

async function scan(access: EnvironmentAccess, { clouds, ...options }: ScanInput): Promise<Reconciliation> {
  const correlationId = options.correlationId ?? access.services.newId()
  const { services, stream } = access
  const ports: ReconcilerPorts = {
    state: () => ({ state: stream.state, revision: stream.head.revision }),
    execute: (command) => access.execute(command, { actor: system, correlationId }),
    clouds,
    activityLogs: clouds.flatMap(({ activityLog }) => activityLog ?? []),
    kinds: services.kinds,
    clock: services.clock,
    newId: services.newId,
    ...options,
  }
  const found = await tellScan(access, correlationId, () => reconcile(ports))
  await settleExternal(access)
  return found
}

/** Few enough for one append: an import that a killed process left open could only be gone on with by the same reading. */
const IMPORTED_AT_ONCE = 100

async function takeReading(access: EnvironmentAccess, reading: RecordedReading, by: By): Promise<ReadingResult> {
  const { graph } = await access.read()
  const unknown = reading.observations.filter(({ ref }) => nodeByRef(graph, ref) === undefined)
  for (let from = 0; from < unknown.length; from += IMPORTED_AT_ONCE) {
    const nodes = unknown.slice(from, from + IMPORTED_AT_ONCE).map(importedNode)
    const [first] = nodes
    const lineage = `reading ${reading.source.digest.slice(0, 16)} from ${first?.address}`
    const source = { type: 'recorded-reading', ...reading.source, lineage }
    const effective = reading.observedAt === undefined ? {} : { effectiveAt: reading.observedAt }
    await access.execute({ type: 'import-graph', graph: { source, ...effective, nodes, edges: [] } }, by)
  }
  const provider = (reading.observations[0]?.ref ?? reading.gone?.[0])?.provider ?? 'recorded'
  const at = reading.observedAt
  const reconciliation = await scan(access, {
    clouds: [recordedCloud(provider, reading)],
    ...(by.correlationId === undefined ? {} : { correlationId: by.correlationId }),
    scope: scopeOf(access, reading),
    ...(at === undefined ? {} : { clock: { now: () => new Date(at), sleep: () => Promise.resolve() } }),
  })
  return { reading: reading.source.name, imported: unknown.length, reconciliation }
}

/** What a reading is about: the accounts and regions that its resources live in; where it tells none, those resources alone. */
function scopeOf({ stream }: EnvironmentAccess, reading: RecordedReading): ReconcileScope {
  const targets = targetsOf(reading)
  const { observations, gone } = reading
  const kinds = [...new Set(observations.map(({ kind }) => kind))]
  // What tells of single resources says nothing of the others in their account.
  if (targets.length > 0 && gone === undefined) return { type: 'targets', targets, kinds }
  const refs = [...observations.map(({ ref }) => ref), ...(gone ?? [])]
  return { type: 'nodes', nodes: refs.flatMap((ref) => nodeByRef(stream.state.graph, ref) ?? []) }
}

function importedNode({ ref, kind, properties, volatile }: RecordedReading['observations'][number]): ImportedNode {
  const output = new Set(volatile)
  const known = Object.entries(properties).filter(([property, value]) => value !== null && !output.has(property))
  return { address: refKey(ref), kind, key: ref.name, ref, properties: Object.fromEntries(known) }
}
