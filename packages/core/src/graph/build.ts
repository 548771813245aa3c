import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import { jsonEqual } from '../json.ts'
import type { JsonValue, Properties } from '../json.ts'
import type { Cause } from './cause.ts'
import { draftedEdges } from './draft-edges.ts'
import type { Reason } from './draft-edges.ts'
import type { EdgeKind } from './edge-kinds.ts'
import type { EdgeId, NodeId } from './ids.ts'
import { newestVersion } from './state.ts'
import type { GraphSlice } from './state.ts'
import { ownershipAt } from './versions.ts'
import type { NodeVersion, Origin, Ownership } from './versions.ts'

/** Why and when: the draft's own cause and time where they are left out; `effectiveAt` is when it happened in the world, where that is known. */
export type Because = { readonly cause?: Cause; readonly effectiveAt?: string }

/** What is to be true of a node. Values that are so already are dropped. */
export type NodeChange = Because & {
  readonly set?: Properties
  readonly unset?: readonly string[]
  readonly ref?: ProviderRef
  /** Default on the first version of an incarnation: `observed`. On a living node only a difference counts. */
  readonly ownership?: Ownership
  readonly origin?: Origin
}

/** What is to be true of an edge. */
export type EdgeChange = Because & { readonly attributes?: Properties; readonly lineage?: string }

/** Why a node is no more. */
export type RetirementReason = Exclude<NodeVersion['retired'], undefined>

/**
 * Changes of the graph that one append is going to hold: numbers versions and incarnations, drops what would change nothing
 * (GRAPH 2), and retires a node's edges before the node (GRAPH 4). Remembers what it issued, so that one node or edge may change
 * several times. The state is only read.
 */
export interface GraphDraft {
  /** Everything issued so far, in order. */
  readonly events: readonly DomainEvent[]
  /** Whether the node is there, after what was issued. */
  isAlive(node: NodeId): boolean
  /** Whether the edge is there, after what was issued. */
  isEdgeAlive(edge: EdgeId): boolean
  /** The newest properties of a living node, after what was issued. */
  properties(node: NodeId): Properties | undefined
  /** Issues a version if anything would change; a retired node comes back as a new incarnation (GRAPH 6). */
  nodeVersion(node: NodeId, change: NodeChange): DomainEvent<'NodeVersionRecorded'> | undefined
  /** Retires a living node: its edges first. Undefined where it is not there. */
  retireNode(node: NodeId, reason: RetirementReason, because?: Because): DomainEvent<'NodeRetired'> | undefined
  /** Issues an edge version if the edge is not there or has other attributes. There is one edge of a kind between two nodes. */
  edgeVersion(
    kind: EdgeKind,
    from: NodeId,
    to: NodeId,
    change?: EdgeChange,
  ): DomainEvent<'EdgeVersionRecorded'> | undefined
  /** Retires a living edge. Undefined where it is not there. */
  retireEdge(edge: EdgeId, because?: Because): DomainEvent<'EdgeRetired'> | undefined
}

/**
 * Starts a draft of changes on top of a state. `cause` and `effectiveAt` are given to every version that names none of its own.
 *
 * @example
 * const draft = graphDraft(state, { type: 'deployment', deployment, step: step.id, requests: [] })
 * draft.nodeVersion('sql-database/orders', { set: { name: 'orders' }, ref, ownership: 'managed' })
 * draft.edgeVersion('hosted-on', 'sql-database/orders', 'sql-instance/main')
 * return accepted([...draft.events, { type: 'StepSucceeded', data: { … } }])
 */
export function graphDraft(state: { readonly graph: GraphSlice }, cause?: Cause, effectiveAt?: string): GraphDraft {
  const { graph } = state
  const events: DomainEvent[] = []
  const nodes = new Map<NodeId, DraftNode>()
  const because: Reason = (given) => {
    const [why, when] = [given?.cause ?? cause, given?.effectiveAt ?? effectiveAt]
    if (why === undefined) throw new Error('A change of the graph was drafted without a cause')
    return when === undefined ? { cause: why } : { cause: why, effectiveAt: when }
  }
  const newest = (node: NodeId): DraftNode | undefined => nodes.get(node) ?? draftNode(graph, node)
  const edges = draftedEdges(graph, events, because)

  return {
    events,
    isAlive: (node) => newest(node)?.retired === false,
    isEdgeAlive: edges.isAlive,
    properties(node) {
      const current = newest(node)
      return current === undefined || current.retired ? undefined : current.properties
    },
    nodeVersion(node, change) {
      const current = newest(node)
      const difference = differenceTo(current, change)
      if (difference === undefined) return undefined
      const { cause: why, ...when } = because(change)
      const place = nextPlace(current)
      const data = { node, ...place, ...difference, cause: why }
      const event = { type: 'NodeVersionRecorded', data, ...when } as const
      nodes.set(node, applied(current, place, difference))
      events.push(event)
      return event
    },
    retireNode(node, reason, given) {
      const current = newest(node)
      if (current === undefined || current.retired) return undefined
      const { cause: why, ...when } = because(given)
      edges.retireAllOf(node, given)
      const place = { version: current.version + 1, incarnation: current.incarnation }
      const event = { type: 'NodeRetired', data: { node, ...place, cause: why, reason }, ...when } as const
      nodes.set(node, { ...current, ...place, retired: true })
      events.push(event)
      return event
    },
    edgeVersion: edges.version,
    retireEdge: edges.retire,
  }
}

/** A node as it is after what was drafted. */
type DraftNode = {
  readonly version: number
  readonly incarnation: number
  readonly properties: Properties
  readonly ref: ProviderRef | undefined
  readonly ownership: Ownership
  readonly origin: Origin | undefined
  readonly retired: boolean
}

type Difference = {
  readonly set: Properties
  readonly unset: string[]
  readonly ref?: ProviderRef
  readonly ownership?: Ownership
  readonly origin?: Origin
}

function draftNode(graph: GraphSlice, node: NodeId): DraftNode | undefined {
  const version = newestVersion(graph, node)
  const history = graph.nodes.get(node)
  if (version === undefined || history === undefined) return undefined
  const { properties, ref, incarnation } = version
  return {
    version: version.version,
    incarnation,
    properties,
    ref,
    ownership: ownershipAt(history, Infinity),
    origin: history.origin,
    retired: version.retired !== undefined,
  }
}

function nextPlace(current: DraftNode | undefined): { readonly version: number; readonly incarnation: number } {
  if (current === undefined) return { version: 1, incarnation: 1 }
  return { version: current.version + 1, incarnation: current.incarnation + (current.retired ? 1 : 0) }
}

/** What a version has to record; undefined where everything is so already. */
function differenceTo(current: DraftNode | undefined, change: NodeChange): Difference | undefined {
  const living = current?.retired === false ? current : undefined
  const set = living === undefined ? (change.set ?? {}) : changedValues(living.properties, change.set ?? {})
  const gone = living === undefined ? [] : (change.unset ?? [])
  const unset = gone.filter(
    (property) => Object.hasOwn(living?.properties ?? {}, property) && !Object.hasOwn(set, property),
  )
  const { ref, origin } = change
  const ownership = living === undefined ? (change.ownership ?? 'observed') : change.ownership
  const difference = {
    set,
    unset,
    ...(ref === undefined || sameRef(living?.ref, ref) ? {} : { ref }),
    ...(ownership === undefined || ownership === living?.ownership ? {} : { ownership }),
    ...(origin === undefined || (living !== undefined && sameOrigin(living.origin, origin)) ? {} : { origin }),
  }
  const nothing = living !== undefined && Object.keys(difference).length === 2 && unset.length === 0 && isEmpty(set)
  return nothing ? undefined : difference
}

function changedValues(properties: Properties, set: Properties): Properties {
  const changed: Record<string, JsonValue> = {}
  for (const [property, value] of Object.entries(set)) {
    if (!jsonEqual(properties[property], value)) changed[property] = value
  }
  return changed
}

function applied(
  current: DraftNode | undefined,
  place: ReturnType<typeof nextPlace>,
  difference: Difference,
): DraftNode {
  const living = current?.retired === false ? current : undefined
  const properties: Record<string, JsonValue> = { ...living?.properties, ...difference.set }
  for (const property of difference.unset) delete properties[property]
  return {
    ...place,
    properties,
    ref: difference.ref ?? living?.ref,
    ownership: difference.ownership ?? living?.ownership ?? 'observed',
    origin: difference.origin ?? current?.origin,
    retired: false,
  }
}

function isEmpty(properties: Properties): boolean {
  for (const _ in properties) return false
  return true
}

/** Whether a ref tells nothing new: the same name, and of account, region and id nothing that is not known so. */
function sameRef(known: ProviderRef | undefined, ref: ProviderRef): boolean {
  if (known === undefined) return false
  if (known.provider !== ref.provider || known.type !== ref.type || known.name !== ref.name) return false
  return (['account', 'region', 'id'] as const).every(
    (field) => ref[field] === undefined || ref[field] === known[field],
  )
}

function sameOrigin(a: Origin | undefined, b: Origin): boolean {
  return a?.lineage === b.lineage && a.address === b.address
}
