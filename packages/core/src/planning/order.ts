import { PHASES } from '../deployments/phases.ts'
import type { Phase } from '../deployments/phases.ts'
import type { NodeId } from '../graph/ids.ts'
import { edgeAlive } from '../graph/state.ts'
import type { PlanDraft } from './draft.ts'
import type { Step } from './step.ts'

/** Puts the steps into an order in which they can run: by phase, and within it after what they need. */
export function orderSteps(draft: PlanDraft): readonly Step[] {
  for (const step of draft.steps.values()) if (step.phase !== 'cleanup') step.after = neededSteps(draft, step)
  const sorted = afterWhatTheyNeed(draft)
  // Steps that wait for each other would wait for ever; what is impossible about them is refused where it is recorded (GRAPH 7).
  const placed = new Set<string>()
  for (const step of sorted) {
    step.after = step.after.filter((id) => placed.has(id))
    placed.add(step.id)
  }
  // What needs something that is rolled out in a later phase moves there with it; its needs were visited before it.
  for (const step of sorted) {
    const phases = [step.phase, ...step.after.flatMap((id) => draft.steps.get(id)?.phase ?? [])]
    step.phase = latest(phases)
  }
  return PHASES.flatMap((phase) => sorted.filter((step) => step.phase === phase))
}

/** Steps that create or record what the step's node needs, or retire its edges: where a dependency turns round, the old one goes first. */
function neededSteps(draft: PlanDraft, step: Step): string[] {
  const needed = new Set(step.after)
  for (const node of neededNodes(draft, step)) {
    const other = draft.stepOf(node)
    if (other === undefined || other.id === step.id) continue
    if (other.operation !== 'update' || other.retiredEdges.length > 0) needed.add(other.id)
  }
  return [...needed]
}

/** What a step's node needs: by the edges that it records, and by those that it keeps. */
function neededNodes(draft: PlanDraft, step: Step): readonly NodeId[] {
  const nodes = step.edges.map(({ to }) => to)
  for (const id of draft.state.graph.outgoing.get(step.node) ?? []) {
    const edge = draft.state.graph.edges.get(id)
    if (edge !== undefined && edgeAlive(edge) && !step.retiredEdges.includes(id)) nodes.push(edge.to)
  }
  return nodes
}

/** Depth first with a stack of its own: a chain of any length is ordered without recursion. */
function afterWhatTheyNeed(draft: PlanDraft): ReturnType<PlanDraft['stepFor']>[] {
  const ordered: ReturnType<PlanDraft['stepFor']>[] = []
  const entered = new Set<string>()
  const steps = [...draft.steps.values()]
  // An edge that goes may be what closes a cycle with one that comes.
  const retiring = steps.filter(({ retiredEdges }) => retiredEdges.length > 0)
  for (const root of [...retiring, ...steps]) {
    const stack = [{ step: root, expanded: false }]
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      if (top.expanded) {
        ordered.push(top.step)
        continue
      }
      if (entered.has(top.step.id)) continue
      entered.add(top.step.id)
      stack.push({ step: top.step, expanded: true })
      for (const id of top.step.after) {
        const needed = draft.steps.get(id)
        if (needed !== undefined && !entered.has(id)) stack.push({ step: needed, expanded: false })
      }
    }
  }
  return ordered
}

function latest(phases: readonly Phase[]): Phase {
  return PHASES.findLast((phase) => phases.includes(phase)) ?? 'provision'
}
