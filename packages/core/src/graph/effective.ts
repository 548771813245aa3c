import type { JsonValue } from '../json.ts'
import type { EdgeId, NodeId } from './ids.ts'
import { attributedMoment, inEffect, momentOf } from './moment.ts'
import type { Moment } from './moment.ts'
import { between, graphEdge, graphNode } from './node.ts'
import type { Effective, GraphEdge, GraphNode, LastObserved } from './node.ts'
import type { GraphReader } from './reader.ts'
import { recordedVersion, versionByTime } from './resolve-time.ts'
import type { GraphSlice } from './state.ts'
import { viewOf } from './view.ts'
import type { GraphView } from './view.ts'
import type { EdgeVersion, NodeHistory, NodeVersion } from './versions.ts'

/** The moment to look at, and the graph version whose knowledge to use. */
export type EffectiveViewOptions = {
  readonly effectiveAt: Date
  readonly at: number
  readonly lastObserved: LastObserved
}

/**
 * The graph as it was in the world at one moment, as far as the ledger knows at a graph version: each change counts from when it took
 * effect, not from when it was recorded, and late attribution moves it. Of several changes of one property that are in effect, the one
 * recorded last holds. Needs the whole history (`isLoaded(state, 1)`).
 */
export function effectiveView(
  state: { readonly graph: GraphSlice },
  { effectiveAt, at, lastObserved }: EffectiveViewOptions,
): GraphView {
  const { graph } = state
  if (graph.firstVersion > 1) throw new Error('A view of the world needs the whole history')
  const recorded = versionByTime(graph, effectiveAt.toISOString())
  const recordedBy = recorded.type === 'answered' ? Math.min(recorded.value, at) : 0
  const world: World = {
    graph,
    time: effectiveAt.getTime(),
    at,
    recordedBy,
    knownAt: graph.lastAttribution,
    lastObserved,
  }
  const reader: GraphReader = {
    graph,
    has: (id) => presence(world, id) !== undefined,
    node: (id) => nodeInWorld(world, id),
    edge: (id) => edgeInWorld(world, id),
  }
  const recordedAt = recordedVersion(graph, at)?.recordedAt
  return viewOf(reader, { version: at, recordedAt, effectiveAt: effectiveAt.toISOString() })
}

type World = {
  readonly graph: GraphSlice
  /** The moment, in milliseconds. */
  readonly time: number
  readonly at: number
  /** The graph version that was recorded by that moment: ownership is the ledger's own fact. */
  readonly recordedBy: number
  readonly knownAt: number
  readonly lastObserved: LastObserved
}

/** The incarnation that is there, from its first version on, and the change of that which is in doubt. */
type Presence = { readonly history: NodeHistory; readonly first: number; readonly doubt: Moment | undefined }

/** Looks back for the last creation or retirement that took effect. What may have happened, or not, leaves the node there, in doubt. */
function presence(world: World, id: NodeId): Presence | undefined {
  const history = world.graph.nodes.get(id)
  if (history === undefined) return undefined
  let doubt: Moment | undefined
  let first: number | undefined
  for (let index = history.versions.length - 1; index >= 0; index--) {
    const version = history.versions[index]
    if (version === undefined || version.graphVersion > world.at) continue
    const before = history.versions[index - 1]
    const begins = version.retired === undefined && (before === undefined || before.retired !== undefined)
    if (!begins && version.retired === undefined) continue
    const moment = attributedMoment(world.graph, history, version, undefined, world.knownAt)
    const happened = inEffect(moment, world.time)
    if (happened === 'no') continue
    if (happened === 'yes')
      return begins ? { history, first: index, doubt } : first === undefined ? undefined : { history, first, doubt }
    doubt = moment
    if (begins) first = index
  }
  return first === undefined ? undefined : { history, first, doubt }
}

function nodeInWorld(world: World, id: NodeId): GraphNode | undefined {
  const there = presence(world, id)
  if (there === undefined) return undefined
  const { history, first } = there
  const begin = history.versions[first]
  if (begin === undefined) return undefined
  const began = attributedMoment(world.graph, history, begin, undefined, world.knownAt)
  let shown: { readonly version: NodeVersion; readonly moment: Moment } = { version: begin, moment: began }
  let { doubt } = there
  let next: string | undefined
  const properties: Record<string, JsonValue> = { ...begin.properties }
  for (let index = first + 1; index < history.versions.length; index++) {
    const version = history.versions[index]
    if (version === undefined || version.graphVersion > world.at) break
    if (version.retired !== undefined) {
      const { before } = attributedMoment(world.graph, history, version, undefined, world.knownAt)
      next = next === undefined ? before : earlier(next, before)
      break
    }
    for (const property of version.changed.length === 0 ? [undefined] : version.changed) {
      const moment = attributedMoment(world.graph, history, version, property, world.knownAt)
      const happened = inEffect(moment, world.time)
      if (happened === 'perhaps') doubt = moment
      if (happened === 'yes') shown = { version, moment }
      else next = next === undefined ? moment.before : earlier(next, moment.before)
      if (happened !== 'yes' || property === undefined) continue
      const value = version.properties[property]
      if (value === undefined) delete properties[property]
      else properties[property] = value
    }
  }
  const version = { ...shown.version, properties }
  const ownedAt = Math.max(version.graphVersion, world.recordedBy)
  return graphNode(history, version, effective(shown.moment, next, doubt), world.lastObserved, ownedAt)
}

function edgeInWorld(world: World, id: EdgeId): GraphEdge | undefined {
  const history = world.graph.edges.get(id)
  if (history === undefined) return undefined
  let doubt: Moment | undefined
  let doubtful: EdgeVersion | undefined
  let shown: { readonly version: EdgeVersion; readonly moment: Moment } | undefined
  let next: string | undefined
  for (let index = history.versions.length - 1; index >= 0 && shown === undefined; index--) {
    const version = history.versions[index]
    if (version === undefined || version.graphVersion > world.at) continue
    const moment = momentOf(world.graph, version)
    const happened = inEffect(moment, world.time)
    if (happened === 'yes') shown = { version, moment }
    else next = moment.before
    if (happened !== 'perhaps') continue
    doubt = moment
    if (!version.retired) doubtful = version
  }
  if ((shown === undefined || shown.version.retired) && doubtful !== undefined && doubt !== undefined)
    shown = { version: doubtful, moment: doubt }
  if (shown === undefined || shown.version.retired) return undefined
  if (presence(world, history.from) === undefined || presence(world, history.to) === undefined) return undefined
  return graphEdge(history, shown.version, effective(shown.moment, next, doubt))
}

function earlier(a: string, b: string): string {
  return Date.parse(a) <= Date.parse(b) ? a : b
}

function effective(moment: Moment, next: string | undefined, doubt: Moment | undefined): Effective {
  const interval = { from: moment.before, ...(next === undefined ? {} : { to: next }) }
  return doubt === undefined ? { ...interval, certain: true } : { ...interval, certain: false, between: between(doubt) }
}
