import { hostOf } from '../application/declaration-rules.ts'
import type { Declaration } from '../application/declaration.ts'
import { edgeId, kindOf } from '../graph/ids.ts'
import type { EdgeId } from '../graph/ids.ts'
import { edgeAlive } from '../graph/state.ts'
import { jsonEqual } from '../json.ts'
import type { PlanDraft } from './draft.ts'
import { rightsNeeded } from './rights-needed.ts'
import type { Step } from './step.ts'

type EdgeChange = Step['edges'][number]

/**
 * The edges that a declaration asks for: what it depends on, and what it uses with which operations. That it lives on its host is not
 * among them: a `satisfied-by` edge says so, which a person may point elsewhere.
 */
export function desiredEdges(draft: PlanDraft, declaration: Declaration): readonly EdgeChange[] {
  const host = hostOf(declaration, draft.context.kinds.orUnknown(kindOf(declaration.node)))
  const dependsOn = new Set([...declaration.dependsOn, ...rightsNeeded(draft, declaration)])
  return [
    ...[...dependsOn].filter((to) => to !== host).map((to): EdgeChange => ({ kind: 'depends-on', to, attributes: {} })),
    ...declaration.uses.map(({ need, operations }): EdgeChange => ({
      kind: 'uses',
      to: need,
      attributes: { operations: operations.toSorted() },
    })),
  ]
}

/** Living edges that our deployments drew, and that the declaration does not ask for. */
export function droppedEdges(draft: PlanDraft, declaration: Declaration): readonly EdgeId[] {
  const { graph } = draft.state
  const desired = new Set(desiredEdges(draft, declaration).map(({ kind, to }) => edgeId(kind, declaration.node, to)))
  return (graph.outgoing.get(declaration.node) ?? []).filter((id) => {
    const edge = graph.edges.get(id)
    const isOurs = (edge?.kind === 'depends-on' || edge?.kind === 'uses') && edge.lineage === undefined
    return isOurs && edgeAlive(edge) && !desired.has(id)
  })
}

/** Plans the edges of a node that is there: new and changed ones, and those that the code no longer asks for. */
export function planEdges(draft: PlanDraft, declaration: Declaration): void {
  const { graph } = draft.state
  const recorded = desiredEdges(draft, declaration).filter(({ kind, to, attributes }) => {
    const known = graph.edges.get(edgeId(kind, declaration.node, to))
    return !edgeAlive(known) || !jsonEqual(known?.versions.at(-1)?.attributes, attributes)
  })
  const retired = droppedEdges(draft, declaration)
  if (recorded.length === 0 && retired.length === 0) return
  const step = draft.stepFor(declaration.node, 'record')
  step.edges.push(...recorded)
  step.retiredEdges.push(...retired)
  if (step.origins.length === 0) step.origins.push({ type: 'code', properties: [] })
}
