import type { JsonValue } from '@infraledger/core'
import { jsonEqual } from '@infraledger/core/adapter'
import type { Row } from '../tables/catalogue.ts'
import type { Projected } from './projected-event.ts'
import { actorText, happenedAt, valueText } from './readable.ts'
import type { WorkingSet } from './working-set.ts'

type Told = Projected<'NodeVersionRecorded' | 'NodeRetired' | 'NodeManaged'>
type Entry = Row<'audit_trail'>
type Node = Pick<Row<'nodes'>, 'node_id' | 'kind' | 'version' | 'incarnation'>
type Version = Pick<Row<'node_versions'>, 'valid_from_graph_version' | 'cause' | 'effective_at' | 'effective_after'>

/** Writes what a version of a node changed: whether it came, and each property. */
export function recordChanges(
  rows: WorkingSet,
  event: Projected<'NodeVersionRecorded'>,
  before: Row<'nodes'> | undefined,
  node: Row<'nodes'>,
  version: Version,
): void {
  const { data } = event
  const isNew = before === undefined || before.retired
  if (isNew) recordNodeChange(rows, event, node, version, before === undefined ? 'node-created' : 'node-recreated')
  const old = isNew ? new Map<string, JsonValue>() : membersOf(before.properties)
  const shared = sharedColumns(rows, event, node, version)
  let ordinal = isNew ? 1 : 0
  for (const property of [...Object.keys(data.set), ...data.unset]) {
    const [from, to] = [old.get(property), data.unset.includes(property) ? undefined : data.set[property]]
    if (jsonEqual(from, to)) continue
    rows.put('audit_trail', {
      ...shared,
      ...requestColumns(rows, event, property, shared),
      ordinal,
      change: from === undefined ? 'property-added' : to === undefined ? 'property-removed' : 'property-changed',
      property,
      old_value: from ?? null,
      new_value: to ?? null,
      old_text: valueText(from),
      new_text: valueText(to),
    })
    ordinal++
  }
}

/** Writes that something happened to a node as a whole. */
export function recordNodeChange(
  rows: WorkingSet,
  event: Told,
  node: Node,
  version: Version,
  change: 'node-created' | 'node-recreated' | 'node-retired' | 'node-managed',
): void {
  rows.put('audit_trail', { ...sharedColumns(rows, event, node, version), change })
}

function sharedColumns(rows: WorkingSet, event: Told, node: Node, version: Version): Entry {
  const { environment, metadata } = event
  const { actor } = metadata
  const cause = 'cause' in event.data ? event.data.cause : undefined
  const deployment =
    cause !== undefined && 'deployment' in cause ? rows.get('deployments', [environment, cause.deployment]) : undefined
  return {
    environment,
    revision: event.revision,
    ordinal: 0,
    event_id: event.id,
    node_id: node.node_id,
    kind: node.kind,
    change: '',
    property: null,
    old_value: null,
    new_value: null,
    old_text: null,
    new_text: null,
    version: node.version,
    incarnation: node.incarnation,
    graph_version: version.valid_from_graph_version,
    recorded_at: metadata.recordedAt,
    effective_at: version.effective_at,
    effective_after: version.effective_after,
    observed_at: happenedAt(metadata),
    cause: version.cause,
    reason: reasonOf(event) ?? deployment?.emergency_reason ?? null,
    actor: actorText(actor),
    actor_type: actor.type,
    actor_id: actor.id,
    actor_assurance: actor.assurance,
    responsible: cause?.type === 'drift' ? 'unknown' : (deployment?.triggered_by ?? actorText(actor)),
    deployment_id: cause !== undefined && 'deployment' in cause ? cause.deployment : null,
    deployment_step: cause?.type === 'deployment' ? (cause.step ?? null) : null,
    ...deploymentColumns(deployment),
    request_id: null,
    requester: null,
    observation_id: (cause !== undefined && 'observation' in cause ? cause.observation : undefined) ?? null,
    attributed_to: null,
    attributed_at: null,
    import_id: (cause !== undefined && 'import' in cause ? cause.import : undefined) ?? null,
    correlation_id: metadata.correlationId,
  }
}

function reasonOf({ data }: Told): string | undefined {
  if (!('cause' in data)) return data.reason
  if (data.cause.type === 'repair') return data.cause.reason
  return 'reason' in data ? data.reason : undefined
}

function deploymentColumns(
  deployment: Row<'deployments'> | undefined,
): Pick<
  Entry,
  'commit_id' | 'trigger_type' | 'triggered_by' | 'emergency' | 'approvals_required' | 'approvals' | 'approved_by'
> {
  return {
    commit_id: deployment?.commit_id ?? null,
    trigger_type: deployment?.trigger_type ?? null,
    triggered_by: deployment?.triggered_by ?? null,
    emergency: deployment?.emergency ?? false,
    approvals_required: deployment?.approvals_required ?? null,
    approvals: deployment?.approvals ?? null,
    approved_by: deployment?.approved_by ?? null,
  }
}

/** The change request that asked for a property, of those whose values the step wrote. */
function requestColumns(
  rows: WorkingSet,
  { environment, data: { cause } }: Projected<'NodeVersionRecorded'>,
  property: string,
  { reason, responsible }: Entry,
): Pick<Entry, 'request_id' | 'requester' | 'reason' | 'responsible'> {
  const ids = cause.type === 'deployment' ? cause.requests : cause.type === 'change-request' ? [cause.request] : []
  for (const id of ids) {
    const request = rows.get('change_requests', [environment, id])
    if (request === undefined || !membersOf(request.requested).has(property)) continue
    const { requester } = request
    return { request_id: id, requester, reason: request.reason, responsible: requester }
  }
  return { request_id: null, requester: null, reason, responsible }
}

function membersOf(value: JsonValue): ReadonlyMap<string, JsonValue> {
  return new Map(Object.entries(typeof value === 'object' && value !== null ? value : {}))
}
