import { hostOf } from '../application/declaration-rules.ts'
import type { Declaration } from '../application/declaration.ts'
import { edgeId, kindOf } from '../graph/ids.ts'
import type { EdgeId } from '../graph/ids.ts'
import { edgeAlive } from '../graph/state.ts'
import { jsonEqual } from '../json.ts'
import type { PlanDraft } from './draft.ts'
import type { Step } from './step.ts'

type EdgeChange = Step['edges'][number]

/**
 * The edges that a declaration asks for: what it depends on, and what it uses with which operations. That it lives on its host is not
 * among them: a `satisfied-by` edge says so, which a person may point elsewhere.
 */
export function desiredEdges(draft: PlanDraft, declaration: Declaration): readonly EdgeChange[] {
  const host = hostOf(declaration, draft.context.kinds.orUnknown(kindOf(declaration.node)))
  return [
    ...declaration.dependsOn
      .filter((to) => to !== host)
      .map((to): EdgeChange => ({ kind: 'depends-on', to, attributes: {} })),
    ...declaration.uses.map(({ need, operations }): EdgeChange => ({
      kind: 'uses',
      to: need,
      attributes: { operations: operations.toSorted() },
    })),
  ]
}

/** Plans the edges of a node that is there: new and changed ones, and those that the code no longer asks for. */
export function planEdges(draft: PlanDraft, declaration: Declaration): void {
  const { graph } = draft.state
  const desired = new Map(
    desiredEdges(draft, declaration).map((edge) => [edgeId(edge.kind, declaration.node, edge.to), edge]),
  )
  const recorded: EdgeChange[] = []
  for (const [id, edge] of desired) {
    const known = graph.edges.get(id)
    if (!edgeAlive(known) || !jsonEqual(known?.versions.at(-1)?.attributes, edge.attributes)) recorded.push(edge)
  }
  const retired: EdgeId[] = []
  for (const id of graph.outgoing.get(declaration.node) ?? []) {
    const edge = graph.edges.get(id)
    const ours = edge?.kind === 'depends-on' || edge?.kind === 'uses'
    if (ours && edge.lineage === undefined && edgeAlive(edge) && !desired.has(id)) retired.push(id)
  }
  if (recorded.length === 0 && retired.length === 0) return
  const step = draft.stepFor(declaration.node, 'record')
  step.edges.push(...recorded)
  step.retiredEdges.push(...retired)
  if (step.origins.length === 0) step.origins.push({ type: 'code', properties: [] })
}
