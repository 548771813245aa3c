import { unusedManaged } from '../application/usage.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion, edgeAlive } from '../graph/state.ts'
import { removalVerdicts } from '../protection/removable.ts'
import type { PlanDraft } from './draft.ts'
import type { Step } from './step.ts'

/** Plans the removal of what the application no longer uses: stateless nodes freely, stateful ones only when confirmed (PROTECT 2, 6, 7). */
export function planRemovals(draft: PlanDraft): void {
  const removed = new Set<NodeId>()
  const unused = unusedManaged(draft.state, draft.input.model, draft.context.kinds).map(({ node }) => node)
  for (const [node, verdict] of removalVerdicts(draft.state, unused, draft.context.kinds)) {
    if (verdict.type === 'kept') draft.notices.push({ type: 'kept', node, message: verdict.because })
    else {
      removed.add(node)
      addRemoval(draft, node, verdict.lastCopy, verdict.automatedBackupsToo)
    }
  }
  // What depends on a thing goes before it.
  for (const node of removed) {
    const step = draft.steps.get(`remove:${node}`)
    const dependents = (draft.state.graph.incoming.get(node) ?? []).flatMap((id) => {
      const edge = draft.state.graph.edges.get(id)
      return edge !== undefined && edgeAlive(edge) && removed.has(edge.from) ? [`remove:${edge.from}`] : []
    })
    if (step !== undefined) step.after = [...step.after, ...dependents]
  }
}

function addRemoval(
  draft: PlanDraft,
  node: NodeId,
  lastCopy: NonNullable<Step['removal']>['lastCopy'],
  automatedBackupsToo: boolean,
): void {
  const version = aliveVersion(draft.state.graph, node)
  if (version === undefined) return
  const base = {
    phase: 'cleanup' as const,
    infrastructure: draft.context.kinds.orUnknown(kindOf(node)).phase === 'provision',
    node,
    nodeVersion: version.version,
    ...(version.ref === undefined ? {} : { ref: version.ref }),
    changes: {},
    expected: {},
    impact: 'downtime' as const,
    when: 'now' as const,
    edges: [],
    retiredEdges: [],
  }
  const takesCopy =
    lastCopy === 'final-snapshot' && version.ref !== undefined && servesSnapshots(draft, node, version.ref.provider)
  const copy = `take-last-copy:${node}`
  const name = `${draft.context.nameOf(node, version.incarnation)}-final-${version.version}`
  if (takesCopy)
    draft.steps.set(copy, {
      ...base,
      id: copy,
      operation: 'take-last-copy',
      name,
      impact: 'online',
      origins: [{ type: 'unused' }],
      after: [],
    })
  draft.steps.set(`remove:${node}`, {
    ...base,
    id: `remove:${node}`,
    operation: 'remove',
    origins: [{ type: 'unused' }],
    removal: { lastCopy, automatedBackupsToo },
    after: takesCopy ? [copy] : [],
  })
}

/** Hosted things (a database on an instance) have no snapshot of their own: their host's backups hold them. */
function servesSnapshots(draft: PlanDraft, node: NodeId, provider: string): boolean {
  return draft.context.capabilities(provider, kindOf(node))?.lastCopy === 'final-snapshot'
}
