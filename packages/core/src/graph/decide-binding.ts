import { deployedModel } from '../application/state.ts'
import { accepted, rejected } from '../environment/decision.ts'
import type { CommandContext, Decision } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { voidedConfirmation } from '../protection/void.ts'
import { graphDraft } from './build.ts'
import { closest } from './closest.ts'
import type { GraphCommandOf } from './commands.ts'
import { kindOf } from './ids.ts'
import type { EdgeId, NodeId } from './ids.ts'
import { importInProgress } from './import-frame.ts'
import { didYouMean } from './kind-catalogue.ts'
import { findLivingNode } from './living-node.ts'
import { aliveVersion, edgeAlive } from './state.ts'
import type { GraphSlice } from './state.ts'

/**
 * OWN 4: points a need at the resource that satisfies it from now on, away from the one that did. A need that is only declared yet gets
 * its node with it; a need of the same id as the resource is told apart by the binding alone. Confirmed deletions of what is used
 * again, or no longer pointed at, are void (PROTECT 2).
 */
export function decideBinding(
  state: EnvironmentState,
  command: GraphCommandOf<'bind'>,
  context: CommandContext,
): Decision {
  const { graph } = state
  const { need, resource, reason } = command
  const problem = openImport(graph) ?? bindingProblem(state, command, context)
  if (problem !== undefined) return { type: 'rejected', rejection: problem }
  const previous = satisfyingEdges(graph, need)
  const bound = graph.bindings.get(need)
  if (bound === resource && (need === resource || previous.some(({ to }) => to === resource))) return accepted([])

  const draft = graphDraft(state, { type: 'repair', reason })
  if (!draft.isAlive(need)) draft.nodeVersion(need, { ownership: 'managed' })
  for (const { id, to } of previous) if (to !== resource) draft.retireEdge(id)
  if (need !== resource) draft.edgeVersion('satisfied-by', need, resource)
  const left = previous.find(({ to }) => to !== resource)?.to ?? (bound === resource ? undefined : bound)
  return accepted([
    ...draft.events,
    { type: 'NeedBound', data: { need, resource, previous: left ?? null, reason } },
    ...voidedConfirmation(state, resource, 'used-again'),
    ...[need, left].flatMap((node) =>
      node === undefined || node === resource ? [] : voidedConfirmation(state, node, 're-pointed'),
    ),
  ])
}

/** Hands an observed node over to plans; the person's reason is its cause. */
export function decideHandOver(
  state: EnvironmentState,
  { node, reason }: GraphCommandOf<'manage'>,
  context: CommandContext,
): Decision {
  const open = openImport(state.graph)
  if (open !== undefined) return { type: 'rejected', rejection: open }
  const target = findLivingNode(state.graph, node, context)
  if ('code' in target) return { type: 'rejected', rejection: target }
  if (target.ownership === 'managed')
    return rejected('node-managed', `${node} is managed already: plans may write it`, { node })
  return accepted([{ type: 'NodeManaged', data: { node, reason } }])
}

function bindingProblem(
  state: EnvironmentState,
  { need, resource }: GraphCommandOf<'bind'>,
  context: CommandContext,
): Rejection | undefined {
  const target = findLivingNode(state.graph, resource, context)
  if ('code' in target) return target
  if (aliveVersion(state.graph, need) === undefined && !declaredNeeds(state).has(need)) {
    const near = closest(need, new Set([...declaredNeeds(state), ...state.graph.nodes.keys()]))
    const message = `nothing declares "${need}" and no node has that id${didYouMean(near)}; record the application model first`
    return reject('need-not-found', message, { need, closest: near })
  }
  const expected = context.kinds.orUnknown(kindOf(need)).satisfiedBy
  if (expected.includes(kindOf(resource))) return undefined
  const message = `${need} is satisfied by ${expected.join(' or ')}, and ${resource} is none`
  return reject('need-kind-mismatch', message, { need, resource, expected })
}

function openImport(graph: GraphSlice): Rejection | undefined {
  const { openImport: open } = graph
  return open === undefined ? undefined : importInProgress(graph, open)
}

/** What the code declares: in the model recorded last, and in the one that runs. */
function declaredNeeds({ application }: EnvironmentState): ReadonlySet<NodeId> {
  const latest = application.latest === undefined ? undefined : application.models.get(application.latest)
  return new Set([latest, deployedModel(application)].flatMap((model) => [...(model?.declarations.keys() ?? [])]))
}

function satisfyingEdges(graph: GraphSlice, need: NodeId): readonly { readonly id: EdgeId; readonly to: NodeId }[] {
  return (graph.outgoing.get(need) ?? []).flatMap((id) => {
    const edge = graph.edges.get(id)
    return edge?.kind === 'satisfied-by' && edgeAlive(edge) ? [edge] : []
  })
}
