import type { Cause } from '@infraledger/core'
import type { JsonValue, Properties, ProviderRef } from '@infraledger/core/adapter'
import type { Row } from '../tables/catalogue.ts'
import { recordChanges, recordNodeChange } from './audit-trail.ts'
import { closeDifferences, closeNode, closeUnmanaged } from './drift.ts'
import { changeEnvironment } from './environment.ts'
import type { Projected, Projections } from './projected-event.ts'
import { actorText, happenedAt, momentOrNull } from './readable.ts'
import type { WorkingSet } from './working-set.ts'

type GraphEvent = Projected<
  'NodeVersionRecorded' | 'NodeRetired' | 'EdgeVersionRecorded' | 'EdgeRetired' | 'NodeManaged' | 'NeedBound'
>

/** What becomes of nodes and edges. */
export const graphProjections = {
  NodeVersionRecorded(rows, event) {
    const { environment, data } = event
    const before = rows.get('nodes', [environment, data.node])
    const living = before?.retired === false ? before : undefined
    const properties = withChanges(living?.properties, data.set, data.unset)
    const graphVersion = beginVersion(rows, event)
    const row = nodeRow(event, before, properties, graphVersion)
    if (living !== undefined) closeVersion(rows, event, living.version, graphVersion)
    rows.put('nodes', row)
    const version = versionRow(rows, event, row, graphVersion)
    rows.put('node_versions', { ...version, changed: [...Object.keys(data.set), ...data.unset] })
    recordChanges(rows, event, before, row, version)
    closeDifferences(rows, event, [...Object.keys(data.set), ...data.unset])
    if (data.ref !== undefined) closeUnmanaged(rows, event, data.ref)
  },
  NodeRetired(rows, event) {
    const { environment, data, metadata } = event
    const before = rows.get('nodes', [environment, data.node])
    if (before === undefined) return
    const graphVersion = beginVersion(rows, event)
    closeVersion(rows, event, before.version, graphVersion)
    const row: Row<'nodes'> = {
      ...before,
      version: data.version,
      retired: true,
      retired_reason: data.reason,
      graph_version: graphVersion,
      changed_at: metadata.recordedAt,
      ...behind(event),
    }
    rows.put('nodes', row)
    const version = versionRow(rows, event, row, graphVersion)
    rows.put('node_versions', { ...version, valid_to: version.valid_from, valid_to_graph_version: graphVersion })
    recordNodeChange(rows, event, row, version, 'node-retired')
    closeNode(rows, event)
  },
  NodeManaged(rows, event) {
    const { environment, data, metadata } = event
    const before = rows.get('nodes', [environment, data.node])
    if (before === undefined) return
    const graphVersion = beginVersion(rows, event)
    const managed = { managed_at: metadata.recordedAt, managed_by: actorText(metadata.actor) }
    rows.put('nodes', { ...before, ownership: 'managed', ...managed })
    const { node_id, version } = before
    rows.patch('node_versions', { environment, node_id, version, managed_from_graph_version: graphVersion })
    const at = { effective_at: metadata.recordedAt, effective_after: metadata.recordedAt }
    const place = { valid_from_graph_version: graphVersion, cause: 'repair', ...at }
    recordNodeChange(rows, event, before, place, 'node-managed')
  },
  NeedBound: (rows, event) => void beginVersion(rows, event),
  EdgeVersionRecorded(rows, event) {
    const { environment, revision, data, metadata } = event
    const graphVersion = beginVersion(rows, event)
    closeEdge(rows, event, graphVersion)
    const { cause, actor, deployment_id } = behind(event)
    rows.put('edges', {
      environment,
      edge_id: data.edge,
      kind: data.kind,
      from_node_id: data.from,
      to_node_id: data.to,
      version: data.version,
      valid_from: event.knownAt,
      valid_to: null,
      valid_from_graph_version: graphVersion,
      valid_to_graph_version: null,
      attributes: data.attributes,
      retired: false,
      recorded_at: metadata.recordedAt,
      cause,
      actor,
      deployment_id,
      ...origins(data.cause),
      revision,
    })
  },
  EdgeRetired(rows, event) {
    const { revision, data, metadata } = event
    const graphVersion = beginVersion(rows, event)
    const before = closeEdge(rows, event, graphVersion)
    if (before === undefined) return
    rows.put('edges', {
      ...before,
      version: data.version,
      valid_from: event.knownAt,
      valid_to: event.knownAt,
      valid_from_graph_version: graphVersion,
      valid_to_graph_version: graphVersion,
      retired: true,
      recorded_at: metadata.recordedAt,
      ...behind(event),
      ...origins(data.cause),
      revision,
    })
  },
} satisfies Projections

/** The graph version that an event belongs to; the environment is at it from now on. */
function beginVersion(rows: WorkingSet, event: GraphEvent): number {
  const known = rows.get('environments', [event.environment])?.graph_version ?? 0
  const version = event.metadata.graphVersion ?? known + 1
  if (version !== known) changeEnvironment(rows, event, { graph_version: version })
  return version
}

function closeVersion(
  rows: WorkingSet,
  event: GraphEvent & Projected<'NodeVersionRecorded' | 'NodeRetired'>,
  version: number,
  graphVersion: number,
): void {
  const { environment, data, knownAt } = event
  const end = { valid_to: knownAt, valid_to_graph_version: graphVersion }
  rows.patch('node_versions', { environment, node_id: data.node, version, ...end })
}

function closeEdge(
  rows: WorkingSet,
  { environment, data, knownAt }: Projected<'EdgeVersionRecorded' | 'EdgeRetired'>,
  graphVersion: number,
): Row<'edges'> | undefined {
  const standing = rows
    .having('edges', 'edge_id', data.edge)
    .find((edge) => edge.environment === environment && edge.valid_to === null)
  if (standing !== undefined)
    rows.put('edges', { ...standing, valid_to: knownAt, valid_to_graph_version: graphVersion })
  return standing
}

function nodeRow(
  event: Projected<'NodeVersionRecorded'>,
  before: Row<'nodes'> | undefined,
  properties: Properties,
  graphVersion: number,
): Row<'nodes'> {
  const { environment, data, metadata } = event
  const isNew = before === undefined || before.retired
  const ownership = data.ownership ?? before?.ownership ?? 'observed'
  const handedOver = isNew || data.ownership !== undefined
  return {
    environment,
    node_id: data.node,
    kind: data.node.slice(0, data.node.indexOf('/')),
    version: data.version,
    incarnation: data.incarnation,
    ownership,
    managed_at: handedOver ? null : before.managed_at,
    managed_by: handedOver ? null : before.managed_by,
    properties,
    ...(data.ref === undefined ? knownAs(isNew ? undefined : before) : refColumns(data.ref)),
    retired: false,
    retired_reason: null,
    graph_version: graphVersion,
    created_at: isNew ? metadata.recordedAt : before.created_at,
    changed_at: metadata.recordedAt,
    ...behind(event),
    origin_lineage: data.origin?.lineage ?? before?.origin_lineage ?? null,
    origin_address: data.origin?.address ?? before?.origin_address ?? null,
  }
}

function versionRow(
  rows: WorkingSet,
  event: Projected<'NodeVersionRecorded' | 'NodeRetired'>,
  node: Row<'nodes'>,
  graphVersion: number,
): Row<'node_versions'> {
  const { environment, revision, data, metadata, knownAt } = event
  const { node_id, kind, version, incarnation, ownership, properties, retired, retired_reason } = node
  const effective = happenedAt(metadata)
  return {
    environment,
    node_id,
    kind,
    version,
    incarnation,
    valid_from: knownAt,
    valid_to: null,
    valid_from_graph_version: graphVersion,
    valid_to_graph_version: null,
    properties,
    changed: [],
    ownership,
    managed_from_graph_version: null,
    ref: refOf(node),
    retired,
    retired_reason,
    recorded_at: metadata.recordedAt,
    effective_at: effective,
    effective_after: effectiveAfter(rows, environment, data.cause, effective),
    ...behind(event),
    deployment_step: data.cause.type === 'deployment' ? (data.cause.step ?? null) : null,
    ...origins(data.cause),
    revision,
  }
}

/** Since when a change may have been so in the world, by its cause: drift and imports tell between which moments, everything else tells exactly. */
function effectiveAfter(rows: WorkingSet, environment: string, cause: Cause, effective: string): string | null {
  const imported =
    'import' in cause && cause.import !== undefined ? rows.get('imports', [environment, cause.import]) : undefined
  switch (cause.type) {
    case 'drift':
      return momentOrNull(cause.lastSeenAt)
    case 'import':
      return imported?.effective_after ?? null
    case 'external-deployment':
      return momentOrNull(cause.lastSeenAt) ?? imported?.effective_after ?? null
    case 'change-request':
      return null
    case 'deployment':
    case 'restore':
    case 'repair':
      return effective
  }
}

/** Who and what is behind a version. */
function behind({
  data: { cause },
  metadata,
}: Projected<'NodeVersionRecorded' | 'NodeRetired' | 'EdgeVersionRecorded' | 'EdgeRetired'>): Pick<
  Row<'nodes'>,
  'cause' | 'actor' | 'deployment_id'
> {
  const deployment = 'deployment' in cause ? cause.deployment : null
  return { cause: cause.type, actor: actorText(metadata.actor), deployment_id: deployment }
}

/** The scan or import that a version came of. */
function origins(cause: Cause): Pick<Row<'node_versions'>, 'observation_id' | 'import_id'> {
  return {
    observation_id: ('observation' in cause ? cause.observation : undefined) ?? null,
    import_id: ('import' in cause ? cause.import : undefined) ?? null,
  }
}

type RefColumns = Pick<
  Row<'nodes'>,
  'provider' | 'provider_account' | 'provider_region' | 'provider_type' | 'provider_name' | 'provider_id'
>

function refColumns(ref: ProviderRef): RefColumns {
  return {
    provider: ref.provider,
    provider_account: ref.account ?? null,
    provider_region: ref.region ?? null,
    provider_type: ref.type,
    provider_name: ref.name,
    provider_id: ref.id ?? null,
  }
}

function knownAs(node: Row<'nodes'> | undefined): RefColumns {
  return {
    provider: node?.provider ?? null,
    provider_account: node?.provider_account ?? null,
    provider_region: node?.provider_region ?? null,
    provider_type: node?.provider_type ?? null,
    provider_name: node?.provider_name ?? null,
    provider_id: node?.provider_id ?? null,
  }
}

function refOf(node: RefColumns): JsonValue {
  if (node.provider === null) return null
  const { provider, provider_account: account, provider_region: region, provider_type: type } = node
  const { provider_name: name, provider_id: id } = node
  const ref = { provider, account, region, type, name, id }
  return Object.fromEntries(Object.entries(ref).filter(([, value]) => value !== null))
}

function withChanges(before: JsonValue | undefined, set: Properties, unset: readonly string[]): Properties {
  const properties = new Map(Object.entries(typeof before === 'object' && before !== null ? before : {}))
  for (const [property, value] of Object.entries(set)) properties.set(property, value)
  for (const property of unset) properties.delete(property)
  return Object.fromEntries(properties)
}
