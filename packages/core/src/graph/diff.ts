import type { Actor } from '../access/actor.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import { jsonEqual } from '../json.ts'
import type { JsonValue, Properties } from '../json.ts'
import type { Cause } from './cause.ts'
import type { EdgeKind } from './edge-kinds.ts'
import type { EdgeId, NodeId } from './ids.ts'
import { recordedVersion } from './resolve-time.ts'
import type { GraphSlice } from './state.ts'
import { isLoaded } from './view.ts'
import { indexAt, ownershipAt, versionAt } from './versions.ts'
import type { EdgeHistory, NodeHistory, NodeVersion, Ownership } from './versions.ts'

/** A value before and after; left out where there was or is none. */
export type Change<Value> = { readonly from?: Value; readonly to?: Value }

/** The version that brought a change about. Looking backwards, it is the one that is undone. */
export type ChangedBy = {
  readonly graphVersion: number
  readonly recordedAt: string
  readonly cause: Cause
  readonly actor: Actor
}

/** One property that differs, and which version made it differ. */
export type PropertyChange = Change<JsonValue> & { readonly property: string; readonly by: ChangedBy }

/** A node that differs between two graph versions. */
export type NodeDifference = {
  readonly type: 'added' | 'removed' | 'changed'
  readonly node: NodeId
  readonly kind: string
  readonly properties: readonly PropertyChange[]
  /** Where another thing, or another handle of it, stands under this id now. */
  readonly incarnation?: Change<number>
  readonly ref?: Change<ProviderRef>
  readonly ownership?: Change<Ownership>
  readonly by: ChangedBy
}

/** An edge that differs between two graph versions. */
export type EdgeDifference = {
  readonly type: 'added' | 'removed' | 'changed'
  readonly edge: EdgeId
  readonly kind: EdgeKind
  readonly from: NodeId
  readonly to: NodeId
  readonly attributes: Change<Properties>
  readonly by: ChangedBy
}

/** What differs between two graph versions. */
export type GraphDiff = {
  readonly from: number
  readonly to: number
  readonly nodes: readonly NodeDifference[]
  readonly edges: readonly EdgeDifference[]
}

/**
 * What differs between two graph versions that are known to exist and to be loaded; also backwards. What changed and changed back is
 * not in it. Its cost follows what changed between the two, never the size of the graph.
 */
export function diffGraph(state: { readonly graph: GraphSlice }, from: number, to: number): GraphDiff {
  const { graph } = state
  const [low, high] = from <= to ? [from, to] : [to, from]
  if (low < 0 || high > graph.version || !isLoaded(state, low) || (low === 0 && graph.firstVersion > 1)) {
    throw new Error(
      `Graph versions ${low} to ${high} are not loaded: they are between ${graph.firstVersion} and ${graph.version}`,
    )
  }
  const nodes = new Set<NodeId>()
  const edges = new Set<EdgeId>()
  for (let version = low + 1; version <= high; version++) {
    const changed = recordedVersion(graph, version)
    for (const node of changed?.nodes ?? []) nodes.add(node)
    for (const edge of changed?.edges ?? []) edges.add(edge)
  }
  return {
    from,
    to,
    nodes: [...nodes].flatMap((node) => nodeDifference(graph, graph.nodes.get(node), from, to) ?? []),
    edges: [...edges].flatMap((edge) => edgeDifference(graph.edges.get(edge), from, to) ?? []),
  }
}

function nodeDifference(
  graph: GraphSlice,
  history: NodeHistory | undefined,
  from: number,
  to: number,
): NodeDifference | undefined {
  if (history === undefined) return undefined
  const [before, after] = [living(versionAt(history.versions, from)), living(versionAt(history.versions, to))]
  if (before === undefined && after === undefined) return undefined
  const type = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
  const changes = changesBetween(history, from, to)
  const incarnation = change(before?.incarnation, after?.incarnation)
  const ref = change(before?.ref, after?.ref)
  const ownership = change(before && ownershipAt(history, from), after && ownershipAt(history, to))
  const difference = {
    type,
    node: history.id,
    kind: history.kind,
    properties: propertyChanges(changes, before?.properties ?? {}, after?.properties ?? {}),
    ...(incarnation === undefined ? {} : { incarnation }),
    ...(ref === undefined ? {} : { ref }),
    ...(ownership === undefined ? {} : { ownership }),
  } as const
  const nothing = type === 'changed' && difference.properties.length === 0 && Object.keys(difference).length === 4
  if (nothing) return undefined
  return {
    ...difference,
    by: changes.newest === undefined ? ownershipChangedBy(graph, history, from, to) : byOf(changes.newest),
  }
}

function propertyChanges(changes: Changes, before: Properties, after: Properties): PropertyChange[] {
  if (before === after) return []
  const found: PropertyChange[] = []
  for (const property of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[property], after[property]]
    if (jsonEqual(old, now)) continue
    const by = changes.byProperty.get(property) ?? changes.newest
    if (by === undefined) throw new Error(`${property} differs without a version in between`)
    found.push({
      property,
      ...(old === undefined ? {} : { from: old }),
      ...(now === undefined ? {} : { to: now }),
      by: byOf(by),
    })
  }
  return found
}

/** What happened to a node between two graph versions: its newest version, and the newest one of each property. */
type Changes = { readonly newest: NodeVersion | undefined; readonly byProperty: ReadonlyMap<string, NodeVersion> }

function changesBetween({ versions }: NodeHistory, from: number, to: number): Changes {
  const [first, last] = [indexAt(versions, Math.min(from, to)) + 1, indexAt(versions, Math.max(from, to))]
  const byProperty = new Map<string, NodeVersion>()
  for (let index = first; index <= last; index++) {
    const version = versions[index]
    if (version !== undefined) for (const property of version.changed) byProperty.set(property, version)
  }
  return { newest: last < first ? undefined : versions[last], byProperty }
}

/** A hand-over changes who owns a node without a version of it. */
function ownershipChangedBy(graph: GraphSlice, history: NodeHistory, from: number, to: number): ChangedBy {
  const handedOver = versionAt(history.ownerships, Math.max(from, to))?.graphVersion ?? 0
  const version = recordedVersion(graph, handedOver)
  if (version === undefined)
    throw new Error(`${history.id} differs between ${from} and ${to} without a version in between`)
  return { graphVersion: version.version, recordedAt: version.recordedAt, cause: version.cause, actor: version.actor }
}

function edgeDifference(history: EdgeHistory | undefined, from: number, to: number): EdgeDifference | undefined {
  if (history === undefined) return undefined
  const [before, after] = [present(versionAt(history.versions, from)), present(versionAt(history.versions, to))]
  const attributes = change(before?.attributes, after?.attributes)
  const newest = versionAt(history.versions, Math.max(from, to))
  if (attributes === undefined || newest === undefined) return undefined
  const type = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
  return {
    type,
    edge: history.id,
    kind: history.kind,
    from: history.from,
    to: history.to,
    attributes,
    by: byOf(newest),
  }
}

function living<V extends { readonly retired: string | undefined }>(version: V | undefined): V | undefined {
  return version?.retired === undefined ? version : undefined
}

function present<V extends { readonly retired: boolean }>(version: V | undefined): V | undefined {
  return version?.retired === false ? version : undefined
}

function change<Value extends JsonValue | ProviderRef>(
  from: Value | undefined,
  to: Value | undefined,
): Change<Value> | undefined {
  // A ref is flat JSON; only its optional fields keep the compiler from seeing that.
  if (jsonEqual(from as JsonValue | undefined, to as JsonValue | undefined)) return undefined
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}

function byOf({ graphVersion, recordedAt, cause, actor }: ChangedBy): ChangedBy {
  return { graphVersion, recordedAt, cause, actor }
}
