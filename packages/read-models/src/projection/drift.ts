import { nameKey, refKey } from '@infraledger/core/adapter'
import type { ProviderRef } from '@infraledger/core/adapter'
import type { Row } from '../tables/catalogue.ts'
import type { Projected, Projections } from './projected-event.ts'
import { actorText, happenedAt, momentOrNull, valueText } from './readable.ts'
import type { WorkingSet } from './working-set.ts'

type Difference = Row<'drift'>

/** What was decided and stands until something ends it; everything else is done with at once. */
const STANDS: ReadonlySet<string> = new Set(['suppressed', 'enforced', 'ignored', 'in-flight'])

/** What was found to differ, what became of it, and who did it. */
export const driftProjections = {
  DriftDetected(rows, event) {
    const { data, metadata } = event
    const before = openOf(rows, event.environment, data.node)
    data.decisions.forEach((decision, ordinal) => {
      const { property, recorded, observed } = decision
      const standing = before.filter((row) => row.type === 'difference' && row.property === property)
      for (const row of standing)
        close(rows, event, row, STANDS.has(decision.decision) ? 'decided-again' : decision.decision)
      const stands = STANDS.has(decision.decision)
      const adopted = decision.decision === 'adopted'
      rows.put('drift', {
        ...emptyRow(event),
        ordinal,
        type: 'difference',
        is_open: stands,
        node_id: data.node,
        property,
        recorded_value: recorded ?? null,
        observed_value: observed ?? null,
        recorded_text: valueText(recorded),
        observed_text: valueText(observed),
        decision: decision.decision,
        decided_by: decision.decidedBy,
        request_id: decision.request ?? null,
        version: adopted ? (data.adoptedVersion ?? data.version) : data.version,
        observed_at: happenedAt(metadata),
        last_seen_at: momentOrNull(data.lastSeenAt),
        closed_at: stands ? null : metadata.recordedAt,
        closed_by: stands ? null : decision.decision,
      })
    })
  },
  ResourceMissing(rows, event) {
    closeMissing(rows, event, event.data.node, 'decided-again')
    rows.put('drift', {
      ...emptyRow(event),
      type: 'missing',
      decision: 'missing',
      node_id: event.data.node,
      ...resource(event.data.ref),
    })
  },
  ResourceFound: (rows, event) => closeMissing(rows, event, event.data.node, 'found'),
  UnmanagedResourceDiscovered(rows, event) {
    closeKey(rows, event, refKey(event.data.ref), 'decided-again')
    rows.put('drift', {
      ...emptyRow(event),
      type: 'unmanaged',
      decision: 'unmanaged',
      decided_by: event.data.kind,
      ...resource(event.data.ref),
    })
  },
  UnmanagedResourceGone: (rows, event) => closeKey(rows, event, refKey(event.data.ref), 'gone'),
  DriftAttributed(rows, { environment, revision, data }) {
    const { node, version, observation, properties, principal, activity } = data
    const attributed_to = principal === 'unknown' ? 'unknown' : `${principal.type} ${principal.id}`
    const attributed_at = momentOrNull(activity?.at)
    const set = { attributed_to, attributed_at }
    const of = {
      environment,
      node_id: node,
      version,
      property: { in: properties },
      revision: { below: revision },
      ...(observation === undefined ? {} : { observation_id: observation }),
    }
    rows.update({ table: 'drift', set, where: of })
    // Where the log tells the moment, the change is no longer only known to lie between two scans.
    const known = attributed_at === null ? {} : { effective_at: attributed_at, effective_after: attributed_at }
    const inTime = attributed_at === null ? {} : { observed_at: { atLeast: attributed_at } }
    const where = { ...of, ...inTime }
    const found = { ...where, cause: { in: ['drift', 'change-request'] } }
    rows.update({ table: 'audit_trail', set: { ...set, ...known }, where: found })
    // Where a request asked for the value, whoever made it so did it for the requester.
    rows.update({ table: 'audit_trail', set: { responsible: attributed_to }, where: { ...where, cause: 'drift' } })
  },
  DriftReviewed(rows, { environment, revision, data, metadata }) {
    const { node, version, comment } = data
    const reviewed_by = actorText(metadata.actor)
    rows.update({
      table: 'drift',
      set: { reviewed_at: metadata.recordedAt, reviewed_by, review_comment: comment },
      where: { environment, node_id: node, version, decision: 'adopted', revision: { below: revision } },
    })
  },
  ObservationCompleted(rows, { environment, revision, data, metadata }) {
    const { counts } = data
    rows.put('scans', {
      environment,
      observation_id: data.observation,
      scope_type: data.scope.type,
      // What an event holds is JSON.
      scope: data.scope as unknown as Row<'scans'>['scope'],
      started_at: momentOrNull(data.startedAt) ?? metadata.recordedAt,
      finished_at: momentOrNull(data.finishedAt) ?? metadata.recordedAt,
      ...counts,
      unseen: data.unseenCount,
      revision,
    })
  },
} satisfies Projections

/** A version says something else of these properties: what differed from the one before stands no longer. */
export function closeDifferences(
  rows: WorkingSet,
  event: Projected<'NodeVersionRecorded'>,
  properties: readonly string[],
): void {
  const standing = openOf(rows, event.environment, event.data.node)
  if (standing.length === 0) return
  const told = new Set(properties)
  for (const row of standing)
    if (row.type === 'difference' && row.property !== null && told.has(row.property))
      close(rows, event, row, 'recorded')
}

/** A node is no more, and with it what differed from it. */
export function closeNode(rows: WorkingSet, event: Projected<'NodeRetired'>): void {
  for (const row of openOf(rows, event.environment, event.data.node)) close(rows, event, row, 'retired')
}

/** A resource is known from now on. */
export function closeUnmanaged(rows: WorkingSet, event: Projected, ref: ProviderRef): void {
  for (const key of new Set([refKey(ref), nameKey(ref)])) closeKey(rows, event, key, 'known')
}

function openOf(rows: WorkingSet, environment: string, node: string): Difference[] {
  return rows.having('drift', 'node_id', node).filter((row) => row.is_open && row.environment === environment)
}

function closeMissing(rows: WorkingSet, event: Projected, node: string, by: string): void {
  for (const row of openOf(rows, event.environment, node)) if (row.type === 'missing') close(rows, event, row, by)
}

function closeKey(rows: WorkingSet, event: Projected, key: string, by: string): void {
  const meant = rows.having('drift', 'resource_key', key).filter(({ environment }) => environment === event.environment)
  for (const row of meant) if (row.is_open && row.type === 'unmanaged') close(rows, event, row, by)
}

function close(rows: WorkingSet, { metadata }: Projected, row: Difference, by: string): void {
  rows.put('drift', { ...row, is_open: false, closed_at: metadata.recordedAt, closed_by: by })
}

function resource(ref: ProviderRef): Pick<Difference, 'provider' | 'resource_type' | 'resource_name' | 'resource_key'> {
  return { provider: ref.provider, resource_type: ref.type, resource_name: ref.name, resource_key: refKey(ref) }
}

function emptyRow(event: Projected<'DriftDetected' | 'ResourceMissing' | 'UnmanagedResourceDiscovered'>): Difference {
  const { environment, revision, data, metadata } = event
  return {
    environment,
    revision,
    ordinal: 0,
    type: 'difference',
    is_open: true,
    node_id: null,
    property: null,
    recorded_value: null,
    observed_value: null,
    recorded_text: null,
    observed_text: null,
    decision: '',
    decided_by: null,
    request_id: null,
    version: null,
    observation_id: data.observation,
    detected_at: metadata.recordedAt,
    observed_at: happenedAt(metadata),
    last_seen_at: null,
    closed_at: null,
    closed_by: null,
    attributed_to: null,
    attributed_at: null,
    reviewed_at: null,
    reviewed_by: null,
    review_comment: null,
    provider: null,
    resource_type: null,
    resource_name: null,
    resource_key: null,
    correlation_id: metadata.correlationId,
  }
}
