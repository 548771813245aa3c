import { unusedManaged } from '../application/usage.ts'
import { kindOf } from '../graph/ids.ts'
import type { EdgeId, NodeId } from '../graph/ids.ts'
import { aliveVersion } from '../graph/state.ts'
import { isNotAtProvider, snapshotSource } from '../protection/last-copy.ts'
import { dependentsOf, removalVerdicts } from '../protection/removable.ts'
import type { RemovalVerdict } from '../protection/removable.ts'
import type { PlanDraft } from './draft.ts'
import type { Step } from './step.ts'

type Removable = Extract<RemovalVerdict, { readonly type: 'removable' }>

/** Plans the removal of what the application no longer uses: stateless nodes freely, stateful ones only when confirmed (PROTECT 2, 6, 7). */
export function planRemovals(draft: PlanDraft): void {
  const removed = new Map<NodeId, Removable>()
  const unused = unusedManaged(draft.state, draft.input.model, draft.context.kinds).map(({ node }) => node)
  const context = { ...draft.context, destroying: draft.input.destroys === true }
  for (const [node, verdict] of removalVerdicts(draft.state, unused, context, leftIdentities(draft))) {
    if (verdict.type === 'kept') draft.note('kept', node, verdict.because)
    else removed.set(node, verdict)
  }
  for (const [node, verdict] of removed) addRemoval(draft, node, verdict)
  for (const node of removed.keys()) {
    // What depends on a thing goes before it, and after a copy of the thing, of which it may be a part.
    const dependents = dependentsOf(draft.state, node, draft.context).filter((other) => removed.has(other))
    extend(
      draft,
      `remove:${node}`,
      dependents.map((other) => `remove:${other}`),
    )
    if (!draft.steps.has(copyOf(node))) continue
    for (const dependent of dependents) extend(draft, `remove:${dependent}`, [copyOf(node)])
  }
}

/** Edges to identities that the plan retires before its cleanup: what a service no longer acts as does not stay for it. */
function leftIdentities(draft: PlanDraft): ReadonlySet<EdgeId> {
  const retired = [...draft.steps.values()].flatMap(({ retiredEdges }) => retiredEdges)
  return new Set(retired.filter((id) => kindOf(draft.state.graph.edges.get(id)?.to ?? 'none/') === 'identity'))
}

function addRemoval(draft: PlanDraft, node: NodeId, { lastCopy, automatedBackupsToo }: Removable): void {
  const copies = lastCopy === 'final-snapshot' && !isNotAtProvider(draft.state, node, draft.context)
  const source = copies ? snapshotSource(draft.state, node, draft.context) : undefined
  if (source !== undefined) addCopy(draft, source, node)
  addStep(draft, node, {
    operation: 'remove',
    removal: { lastCopy, automatedBackupsToo },
    after: source === undefined ? [] : [copyOf(source)],
  })
}

/** A copy is named after what it is taken for, so that no other removal takes it for its own. One serves all removals of a plan. */
function addCopy(draft: PlanDraft, source: NodeId, node: NodeId): void {
  const version = aliveVersion(draft.state.graph, node)
  if (version === undefined || draft.steps.has(copyOf(source))) return
  // Things of several kinds may have one name, and their copies lie in one place.
  const of = `${draft.context.nameOf(node, version.incarnation)}-${kindOf(node).replaceAll('_', '-')}`
  addStep(draft, source, { operation: 'take-last-copy', name: `${of}-final-${version.version}`, impact: 'online' })
}

function addStep(
  draft: PlanDraft,
  node: NodeId,
  step: Partial<Step> & { readonly operation: 'remove' | 'take-last-copy' },
): void {
  const version = aliveVersion(draft.state.graph, node)
  if (version === undefined) return
  const id = `${step.operation}:${node}`
  const ref = isNotAtProvider(draft.state, node, draft.context) ? undefined : version.ref
  draft.steps.set(id, {
    id,
    phase: 'cleanup',
    infrastructure: draft.context.kinds.orUnknown(kindOf(node)).phase === 'provision',
    node,
    nodeVersion: version.version,
    ...(ref === undefined ? {} : { ref }),
    changes: {},
    expected: {},
    impact: 'downtime',
    when: 'now',
    origins: [{ type: 'unused' }],
    edges: [],
    retiredEdges: [],
    after: [],
    ...step,
  })
}

function extend(draft: PlanDraft, id: string, after: readonly string[]): void {
  const step = draft.steps.get(id)
  if (step !== undefined) step.after = [...new Set([...step.after, ...after])]
}

function copyOf(node: NodeId): string {
  return `take-last-copy:${node}`
}
