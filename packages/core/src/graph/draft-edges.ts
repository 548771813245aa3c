import type { DomainEvent } from '../environment/catalogue.ts'
import { jsonEqual } from '../json.ts'
import type { Properties } from '../json.ts'
import type { Because, EdgeChange } from './build.ts'
import type { Cause } from './cause.ts'
import type { EdgeKind } from './edge-kinds.ts'
import { edgeId } from './ids.ts'
import type { EdgeId, NodeId } from './ids.ts'
import type { GraphSlice } from './state.ts'

/** The edges of a draft: numbers their versions and remembers what was issued. */
export type DraftedEdges = {
  readonly isAlive: (edge: EdgeId) => boolean
  readonly version: (
    kind: EdgeKind,
    from: NodeId,
    to: NodeId,
    change?: EdgeChange,
  ) => DomainEvent<'EdgeVersionRecorded'> | undefined
  readonly retire: (edge: EdgeId, because?: Because) => DomainEvent<'EdgeRetired'> | undefined
  readonly retireAllOf: (node: NodeId, because: Because | undefined) => void
}

type DraftEdge = { readonly version: number; readonly attributes: Properties; readonly retired: boolean }

/** Completes what a change says of its cause and time. */
export type Reason = (given: Because | undefined) => { readonly cause: Cause; readonly effectiveAt?: string }

/** Edges on top of a graph; what is issued is added to `events`. */
export function draftedEdges(graph: GraphSlice, events: DomainEvent[], because: Reason): DraftedEdges {
  const edges = new Map<EdgeId, DraftEdge>()
  /** Edges that are new in this draft, by either end. */
  const fresh = new Map<NodeId, EdgeId[]>()
  const newest = (edge: EdgeId): DraftEdge | undefined => edges.get(edge) ?? graph.edges.get(edge)?.versions.at(-1)

  function version(
    kind: EdgeKind,
    from: NodeId,
    to: NodeId,
    change: EdgeChange = {},
  ): DomainEvent<'EdgeVersionRecorded'> | undefined {
    const edge = edgeId(kind, from, to)
    const current = newest(edge)
    const attributes = change.attributes ?? {}
    if (
      current?.retired === false &&
      jsonEqual(current.attributes, attributes) &&
      !changesLineage(graph, edge, change.lineage)
    )
      return undefined
    if (current === undefined) for (const end of [from, to]) remember(fresh, end, edge)
    const next = { version: (current?.version ?? 0) + 1, attributes, retired: false }
    edges.set(edge, next)
    const { cause, ...when } = because(change)
    const lineage = change.lineage === undefined ? {} : { lineage: change.lineage }
    const data = { edge, kind, from, to, version: next.version, attributes, cause, ...lineage }
    const event = { type: 'EdgeVersionRecorded', data, ...when } as const
    events.push(event)
    return event
  }

  function retire(edge: EdgeId, given?: Because): DomainEvent<'EdgeRetired'> | undefined {
    const current = newest(edge)
    if (current === undefined || current.retired) return undefined
    const next = { ...current, version: current.version + 1, retired: true }
    edges.set(edge, next)
    const { cause, ...when } = because(given)
    const event = { type: 'EdgeRetired', data: { edge, version: next.version, cause }, ...when } as const
    events.push(event)
    return event
  }

  return {
    isAlive: (edge) => newest(edge)?.retired === false,
    version,
    retire,
    retireAllOf(node, given) {
      const touching = [graph.outgoing.get(node), graph.incoming.get(node), fresh.get(node)]
      for (const edge of touching.flatMap((list) => list ?? [])) retire(edge, given)
    },
  }
}

function remember(fresh: Map<NodeId, EdgeId[]>, end: NodeId, edge: EdgeId): void {
  const list = fresh.get(end)
  if (list === undefined) fresh.set(end, [edge])
  else list.push(edge)
}

/** Whether an imported edge goes over to another lineage; what our own deployments drew stays ours. */
function changesLineage(graph: GraphSlice, edge: EdgeId, lineage: string | undefined): boolean {
  const known = graph.edges.get(edge)?.lineage
  return lineage !== undefined && known !== undefined && known !== lineage
}
