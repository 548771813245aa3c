import type { EnvironmentState } from '../environment/state.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { satisfierOf } from '../graph/satisfier.ts'
import { aliveVersion, isManaged } from '../graph/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { PlanDraft } from './draft.ts'

/** Candidates of one need that a refusal holds, those that its message names, and the needs that it names. */
const CANDIDATES_LISTED = 20
const CANDIDATES_NAMED = 3
const NEEDS_LISTED = 20

/** A need gets an existing resource only by `bind`: while resources exist that could be meant, the plan stops and lists them (OWN 4). */
export function checkBindings(draft: PlanDraft): Rejection | undefined {
  const observed = observedByKind(draft)
  if (observed === undefined) return undefined
  const open: { need: NodeId; candidates: readonly string[] }[] = []
  for (const { node } of draft.input.model.declarations.values()) {
    const kind = draft.context.kinds.orUnknown(kindOf(node))
    const isTaken = isObserved(draft, node)
    if (kind.phase === 'deploy' || isSettled(draft, node) || (isTold(draft, node) && !isTaken)) continue
    const others = kind.satisfiedBy.flatMap((name) => observed.get(name) ?? [])
    const candidates = isTaken ? [node, ...others.filter((other) => other !== node)] : others
    if (candidates.length > 0) open.push({ need: node, candidates: candidates.slice(0, CANDIDATES_LISTED) })
  }
  return open.length === 0 ? undefined : bindingRequired(open)
}

/** Whether it was said that a need is to be created. */
export function isTold({ input: { createNeeds } }: PlanDraft, need: NodeId): boolean {
  return createNeeds === 'all' || createNeeds.includes(need)
}

/** Whether what a need was bound to is no more, so that nothing satisfies it. */
export function isOrphaned({ graph }: EnvironmentState, need: NodeId): boolean {
  const bound = graph.bindings.get(need)
  if (bound === undefined || bound === need || aliveVersion(graph, bound) !== undefined) return false
  const version = aliveVersion(graph, need)
  return version !== undefined && version.ref === undefined && satisfierOf(graph, need) === undefined
}

function bindingRequired(open: readonly { need: NodeId; candidates: readonly string[] }[]): Rejection {
  const lines = open.slice(0, NEEDS_LISTED).map(({ need, candidates }) => {
    const listed = candidates.slice(0, CANDIDATES_NAMED).join(', ')
    const more = candidates.length > CANDIDATES_NAMED ? ', …' : ''
    return `${need} could be ${listed}${more}${candidates[0] === need ? ' (its id is taken, so it is not created)' : ''}`
  })
  const more = open.length > NEEDS_LISTED ? `; and ${open.length - NEEDS_LISTED} more` : ''
  return reject(
    'binding-required',
    `bind these needs to what is there, or name them in "create": ${lines.join('; ')}${more}`,
    { needs: open },
  )
}

/** Whether it is decided already what satisfies a need: it was bound, or we made it. */
function isSettled({ state }: PlanDraft, need: NodeId): boolean {
  const { graph } = state
  const bound = graph.bindings.get(need)
  return (
    (bound !== undefined && aliveVersion(graph, bound) !== undefined) ||
    satisfierOf(graph, need) !== undefined ||
    (aliveVersion(graph, need) !== undefined && isManaged(graph, need) && !isOrphaned(state, need))
  )
}

function isObserved({ state: { graph } }: PlanDraft, node: NodeId): boolean {
  return aliveVersion(graph, node) !== undefined && !isManaged(graph, node)
}

/** Living observed nodes that no need is bound to, by kind; undefined where nothing is observed at all. */
function observedByKind(draft: PlanDraft): ReadonlyMap<string, readonly NodeId[]> | undefined {
  const bound = new Set(draft.state.graph.bindings.values())
  const byKind = new Map<string, NodeId[]>()
  let isAny = false
  for (const { id, kind } of draft.state.graph.nodes.values()) {
    if (!isObserved(draft, id)) continue
    isAny = true
    if (bound.has(id)) continue
    const list = byKind.get(kind)
    if (list === undefined) byKind.set(kind, [id])
    else list.push(id)
  }
  return isAny ? byKind : undefined
}
