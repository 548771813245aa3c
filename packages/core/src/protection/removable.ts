import type { EnvironmentState } from '../environment/state.ts'
import { DELETION_PROTECTION } from '../graph/deletion-protection.ts'
import { kindOf } from '../graph/ids.ts'
import type { EdgeId, NodeId } from '../graph/ids.ts'
import type { Kind, LastCopyRule } from '../graph/kind.ts'
import { aliveVersion, edgeAlive, isManaged } from '../graph/state.ts'
import { isNotAtProvider, snapshotSource } from './last-copy.ts'
import type { RemovalContext } from './last-copy.ts'

/** Whether a deployment may remove an unused node; `because` is a sentence for persons, `reason` what a program asks. */
export type RemovalVerdict =
  | {
      readonly type: 'removable'
      /** What must be left or proven first, where there is something at the provider; `none` for what holds no data. */
      readonly lastCopy: LastCopyRule | 'none'
      readonly automatedBackupsToo: boolean
    }
  | { readonly type: 'kept'; readonly reason: KeptReason; readonly because: string }

/** Why an unused node stays. */
export type KeptReason =
  | 'not-there'
  | 'observed'
  | 'not-confirmed'
  | 'confirmation-outdated'
  | 'loss-not-acknowledged'
  | 'deletion-protection-on'
  | 'no-last-copy'
  | 'needed'

/**
 * Whether an unused node may be removed now, while everything else stays (PROTECT 2, 4, 6, 7). What a living node still needs is kept:
 * removing an instance takes its databases along, confirmed or not. Usage itself is not asked here; see `unusedManaged`.
 */
export function removalVerdict(state: EnvironmentState, node: NodeId, context: RemovalContext): RemovalVerdict {
  return removalVerdicts(state, [node], context).get(node) ?? kept(node, 'not-there', 'is not there')
}

/**
 * The verdicts on several unused nodes that would be removed together, each after what needs it: one that is needed only by nodes that
 * may be removed may be removed too. Edges that are `retiring` before the removals count no more. Costs what these nodes and their edges are, not the graph.
 */
export function removalVerdicts(
  state: EnvironmentState,
  unused: readonly NodeId[],
  context: RemovalContext,
  retiring: ReadonlySet<EdgeId> = new Set(),
): ReadonlyMap<NodeId, RemovalVerdict> {
  const verdicts = new Map(unused.map((node) => [node, ownVerdict(state, node, context)]))
  const goes = (node: NodeId): boolean => verdicts.get(node)?.type === 'removable'
  const check = [...unused]
  for (const node of check) {
    if (!goes(node)) continue
    const staying = neighbours(state, node, 'incoming', retiring).find((other) => !goes(other))
    if (staying === undefined) continue
    verdicts.set(node, kept(node, 'needed', `is needed by ${staying}, which stays`))
    // What this one needs was judged on its going.
    for (const needed of neighbours(state, node, 'outgoing')) if (goes(needed)) check.push(needed)
  }
  return verdicts
}

/** What a node's own record says, whoever needs it. */
function ownVerdict(state: EnvironmentState, node: NodeId, context: RemovalContext): RemovalVerdict {
  const version = aliveVersion(state.graph, node)
  if (version === undefined) return kept(node, 'not-there', 'is not there')
  if (!isManaged(state.graph, node)) return kept(node, 'observed', 'is only observed: no deployment removes it')
  const kind = context.kinds.orUnknown(kindOf(node))
  const isElsewhere = isNotAtProvider(state, node, context)
  if (version.properties[DELETION_PROTECTION] === true && !isElsewhere) {
    const how = 'is protected from deletion at the provider; a person switches that off there, never a deployment'
    return kept(node, 'deletion-protection-on', how)
  }
  if (kind.statefulness === 'stateless') return { type: 'removable', lastCopy: 'none', automatedBackupsToo: false }
  const verdict = confirmedVerdict(state, node, kind, version.incarnation)
  if (verdict.type === 'kept' || verdict.lastCopy !== 'final-snapshot' || isElsewhere) return verdict
  if (snapshotSource(state, node, context) !== undefined) return verdict
  return kept(node, 'no-last-copy', 'holds data, and its provider can take no last copy of it')
}

/** PROTECT 2 and 6: what holds data goes only on a person's word for this very thing. */
function confirmedVerdict(
  { protection }: EnvironmentState,
  node: NodeId,
  kind: Kind,
  incarnation: number,
): RemovalVerdict {
  const confirmation = protection.confirmations.get(node)
  if (confirmation === undefined)
    return kept(node, 'not-confirmed', 'holds data, and nobody has confirmed its deletion')
  if (confirmation.incarnation !== incarnation) {
    return kept(node, 'confirmation-outdated', 'is another thing now than the one whose deletion was confirmed')
  }
  const lastCopy = kind.lastCopy ?? 'loss-acknowledged'
  if (lastCopy === 'loss-acknowledged' && !confirmation.lossAcknowledged) {
    return kept(
      node,
      'loss-not-acknowledged',
      'holds data of which no copy can be kept, and the loss was not acknowledged',
    )
  }
  return { type: 'removable', lastCopy, automatedBackupsToo: confirmation.automatedBackupsToo }
}

function neighbours(
  { graph }: EnvironmentState,
  node: NodeId,
  direction: 'incoming' | 'outgoing',
  retiring?: ReadonlySet<EdgeId>,
): readonly NodeId[] {
  return (graph[direction].get(node) ?? []).flatMap((id) => {
    const edge = graph.edges.get(id)
    if (edge === undefined || !edgeAlive(edge) || retiring?.has(id) === true) return []
    return [direction === 'incoming' ? edge.from : edge.to]
  })
}

function kept(node: NodeId, reason: KeptReason, because: string): RemovalVerdict {
  return { type: 'kept', reason, because: `${node} ${because}` }
}
