import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion, edgeAlive, isManaged } from '../graph/state.ts'
import type { GraphSlice } from '../graph/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { PlanDraft } from './draft.ts'

const CANDIDATES_LISTED = 20

/** The resource that a need's `satisfied-by` edge points at, if it has one. */
export function satisfierOf(graph: GraphSlice, need: NodeId): NodeId | undefined {
  for (const id of graph.outgoing.get(need) ?? []) {
    const edge = graph.edges.get(id)
    if (edge?.kind === 'satisfied-by' && edgeAlive(edge)) return edge.to
  }
  return undefined
}

/** A need gets an existing resource only by `bind`: while resources exist that could be meant, the plan stops and lists them (OWN 4). */
export function checkBindings(draft: PlanDraft): Rejection | undefined {
  if (draft.input.createNeeds === 'all') return undefined
  const observed = observedByKind(draft)
  if (observed.size === 0) return undefined
  const told = new Set(draft.input.createNeeds)
  const open: { need: NodeId; candidates: readonly string[] }[] = []
  for (const { node } of draft.input.model.declarations.values()) {
    if (told.has(node) || isSettled(draft, node)) continue
    const kind = draft.context.kinds.orUnknown(kindOf(node))
    if (kind.phase === 'deploy') continue
    const candidates = kind.satisfiedBy.flatMap((name) => observed.get(name) ?? [])
    if (candidates.length > 0) open.push({ need: node, candidates: candidates.slice(0, CANDIDATES_LISTED) })
  }
  if (open.length === 0) return undefined
  const lines = open.map(({ need, candidates }) => `${need} could be ${candidates.join(', ')}`)
  return reject(
    'binding-required',
    `bind these needs to what is there, or name them in "create": ${lines.join('; ')}`,
    { needs: open },
  )
}

/** Whether it is decided already what satisfies a need: it was bound, or we made it. */
function isSettled(draft: PlanDraft, need: NodeId): boolean {
  const { graph } = draft.state
  const bound = graph.bindings.get(need)
  return (
    (bound !== undefined && aliveVersion(graph, bound) !== undefined) ||
    satisfierOf(graph, need) !== undefined ||
    (aliveVersion(graph, need) !== undefined && isManaged(graph, need))
  )
}

/** Living observed nodes that no need is bound to, by kind. */
function observedByKind(draft: PlanDraft): Map<string, NodeId[]> {
  const { graph } = draft.state
  const bound = new Set(graph.bindings.values())
  const byKind = new Map<string, NodeId[]>()
  for (const history of graph.nodes.values()) {
    if (isManaged(graph, history.id) || bound.has(history.id) || history.versions.at(-1)?.retired !== undefined)
      continue
    const list = byKind.get(history.kind)
    if (list === undefined) byKind.set(history.kind, [history.id])
    else list.push(history.id)
  }
  return byKind
}
