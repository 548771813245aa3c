import type { DomainEvent } from '../environment/catalogue.ts'
import { changesGraph } from '../environment/stamp.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { jsonEqual } from '../json.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { cycleFound, findCycle } from './cycles.ts'
import { checkImportFrame } from './import-frame.ts'
import { kindOf } from './ids.ts'
import { checkProperty, unknownKindRejection } from './kind-catalogue.ts'
import type { KindCatalogue } from './kind-catalogue.ts'
import { lineageCheck } from './lineage-check.ts'
import { pendingGraph } from './pending.ts'
import type { PendingGraph } from './pending.ts'
import { aliveVersion } from './state.ts'
import type { GraphSlice } from './state.ts'

/**
 * Holds a decision against the rules of the graph (GRAPH 1 to 8) before it is appended; undefined where it keeps them. What a caller
 * can bring about is refused with a code; what only a defect of a rule can bring about (version numbers that do not follow, a version
 * without a difference, a retirement that leaves edges behind) throws. Decisions that do not touch the graph cost nothing.
 */
export function checkGraphChange(
  state: EnvironmentState,
  events: readonly DomainEvent[],
  kinds: KindCatalogue,
): Rejection | undefined {
  if (
    !events.some((event) => changesGraph(event) || event.type === 'ImportStarted' || event.type === 'ImportCompleted')
  )
    return undefined
  const frame = checkImportFrame(state.graph, events)
  if (frame !== undefined) return frame
  const pending = pendingGraph(state.graph)
  const checkLineage = lineageCheck(state, events)
  for (const event of events) {
    const problem =
      ('cause' in event.data ? checkLineage(event) : undefined) ?? checkEvent(state.graph, pending, event, kinds)
    if (problem !== undefined) return problem
  }
  return checkEnds(pending) ?? checkCycles(state.graph, pending)
}

function checkEvent(
  graph: GraphSlice,
  pending: PendingGraph,
  event: DomainEvent,
  kinds: KindCatalogue,
): Rejection | undefined {
  switch (event.type) {
    case 'NodeVersionRecorded': {
      const wasAlive = pending.isAlive(event.data.node)
      const isFirstHere =
        pending.node(event.data.node)?.version === graph.nodes.get(event.data.node)?.versions.at(-1)?.version
      pending.addNode(event)
      if (wasAlive && isFirstHere) assertDifferent(graph, event)
      return checkKind(event, kinds)
    }
    case 'NodeRetired':
      pending.addNode(event)
      return undefined
    case 'EdgeVersionRecorded':
    case 'EdgeRetired':
      pending.addEdge(event)
      return undefined
    default:
      return undefined
  }
}

/** GRAPH 2: a version of a living node says something new. */
function assertDifferent(graph: GraphSlice, { data }: DomainEvent<'NodeVersionRecorded'>): void {
  if (data.unset.length > 0 || data.ref !== undefined || data.origin !== undefined || data.ownership !== undefined)
    return
  const before = aliveVersion(graph, data.node)?.properties ?? {}
  for (const [property, value] of Object.entries(data.set)) if (!jsonEqual(before[property], value)) return
  throw new Error(`${data.node}: version ${data.version} differs in nothing from the one before`)
}

/** GRAPH 8. Types beyond the known kinds are taken as they are where they were found; what we make must be of a known kind. */
function checkKind({ data }: DomainEvent<'NodeVersionRecorded'>, kinds: KindCatalogue): Rejection | undefined {
  const name = kindOf(data.node)
  const kind = kinds.find(name)
  if (kind === undefined && data.ownership === 'managed') return unknownKindRejection(kinds, name)
  const checked = kind ?? kinds.orUnknown(name)
  for (const property in data.set) {
    const value = data.set[property]
    const problem = value === undefined ? undefined : checkProperty(checked, property, value)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** GRAPH 4. */
function checkEnds(pending: PendingGraph): Rejection | undefined {
  for (const edge of pending.recordedEdges()) {
    const missing = [edge.from, edge.to].find((end) => !pending.isAlive(end))
    if (missing !== undefined)
      return reject(
        'edge-end-missing',
        `${edge.id} needs ${missing}, which is not there: add it, or leave the edge out`,
        { edge: edge.id, missing },
      )
  }
  for (const node of pending.retired()) {
    const [left] = pending.edgesOf(node)
    if (left !== undefined) throw new Error(`${node} is retired and leaves the edge ${left.id} behind`)
  }
  return undefined
}

/**
 * GRAPH 7. Only an edge that was not there can close a cycle, so looking from where the new ones begin is enough, and only where
 * another edge leads there: a node that nothing needs yet, as each that is made, is on none.
 */
function checkCycles(graph: GraphSlice, pending: PendingGraph): Rejection | undefined {
  const starts = pending
    .recordedEdges()
    .filter(({ id, from }) => graph.edges.get(id)?.versions.at(-1)?.retired !== false && pending.isNeeded(from))
  if (starts.length === 0) return undefined
  const cycle = findCycle(new Set(starts.map(({ from }) => from)), (node) => pending.targets(node))
  return cycle === undefined ? undefined : cycleFound(cycle)
}
