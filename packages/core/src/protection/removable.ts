import type { EnvironmentState } from '../environment/state.ts'
import { DELETION_PROTECTION } from '../graph/deletion-protection.ts'
import { kindOf } from '../graph/ids.ts'
import type { EdgeId, NodeId } from '../graph/ids.ts'
import type { Kind, LastCopyRule } from '../graph/kind.ts'
import { aliveVersion, edgeAlive, isManaged } from '../graph/state.ts'
import { isBeingDestroyed } from './closed.ts'
import { isNotAtProvider, snapshotSource } from './last-copy.ts'
import type { RemovalContext } from './last-copy.ts'
import { mayHaveReplicas, replicasOf, sourceOf } from './replica.ts'

/** Whether a deployment may remove an unused node; `because` is a sentence for persons, `reason` what a program asks. */
export type RemovalVerdict =
  | {
      readonly type: 'removable'
      /** What must be left or proven first, where there is something at the provider; `none` for what holds no data. */
      readonly lastCopy: LastCopyRule | 'replica' | 'none'
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
    const staying = dependentsOf(state, node, context, retiring).find((other) => !goes(other))
    if (staying === undefined) continue
    verdicts.set(node, kept(node, 'needed', `is needed by ${staying}, which stays`))
    // What this one needs was judged on its going.
    const source = sourceOf(state, node)
    const needs = [...neighbours(state, node, 'outgoing'), ...(source === undefined ? [] : [source])]
    for (const needed of needs) if (goes(needed)) check.push(needed)
  }
  return verdicts
}

/** What a node's own record says, whoever needs it. */
function ownVerdict(state: EnvironmentState, node: NodeId, context: RemovalContext): RemovalVerdict {
  const [reason] = keptReasons(state, node, context)
  if (reason !== undefined) return kept(node, reason, BECAUSE[reason])
  const kind = context.kinds.orUnknown(kindOf(node))
  if (kind.statefulness === 'stateless') return { type: 'removable', lastCopy: 'none', automatedBackupsToo: false }
  if (isWaived(state, node, context)) return { type: 'removable', lastCopy: 'none', automatedBackupsToo: true }
  const automatedBackupsToo = state.protection.confirmations.get(node)?.automatedBackupsToo === true
  return { type: 'removable', lastCopy: lastCopyOf(state, node, kind), automatedBackupsToo }
}

/**
 * Everything in a node's own record that keeps it; empty where it may go (PROTECT 2, 4, 6). What holds data goes only on a person's word for
 * this very thing, once the application does not use it; or, where the whole environment is destroyed, on a word that was given for that.
 */
export function keptReasons(
  state: EnvironmentState,
  node: NodeId,
  context: RemovalContext,
): readonly Exclude<KeptReason, 'needed'>[] {
  const version = aliveVersion(state.graph, node)
  if (version === undefined) return ['not-there']
  if (!isManaged(state.graph, node)) return ['observed']
  const kind = context.kinds.orUnknown(kindOf(node))
  const isElsewhere = isNotAtProvider(state, node, context)
  const isProtected = version.properties[DELETION_PROTECTION] === true && !isElsewhere
  const onProtection = isProtected ? (['deletion-protection-on'] as const) : []
  if (kind.statefulness === 'stateless' || isWaived(state, node, context)) return onProtection
  const unconfirmed = unconfirmedReason(state, node, kind, version.incarnation, context)
  const hasCopy = isElsewhere || hasLastCopy(state, node, kind, context)
  return [
    ...onProtection,
    ...(unconfirmed === undefined ? [] : [unconfirmed]),
    ...(hasCopy ? [] : (['no-last-copy'] as const)),
  ]
}

/** What is said of a node that is kept. */
export const BECAUSE: Readonly<Record<Exclude<KeptReason, 'needed'>, string>> = {
  'not-there': 'is not there',
  observed: 'is only observed: no deployment removes it',
  'deletion-protection-on':
    'is protected from deletion at the provider; a person switches that off there, never a deployment',
  'not-confirmed': 'holds data, and nobody has confirmed its deletion',
  'confirmation-outdated': 'is another thing now than the one whose deletion was confirmed',
  'loss-not-acknowledged': 'holds data of which no copy can be kept, and the loss was not acknowledged',
  'no-last-copy': 'holds data, and its provider can take no last copy of it, or cannot say whether it is empty',
}

/** PROTECT 2 and 6: what is missing of a person's word for this very thing. */
function unconfirmedReason(
  state: EnvironmentState,
  node: NodeId,
  kind: Kind,
  incarnation: number,
  context: RemovalContext,
): 'not-confirmed' | 'confirmation-outdated' | 'loss-not-acknowledged' | undefined {
  const confirmation = state.protection.confirmations.get(node)
  if (confirmation === undefined) return 'not-confirmed'
  if (confirmation.forDestruction === true && !isDestroying(state, context)) return 'not-confirmed'
  if (confirmation.incarnation !== incarnation) return 'confirmation-outdated'
  const needsWord = lastCopyOf(state, node, kind) === 'loss-acknowledged'
  return needsWord && !confirmation.lossAcknowledged ? 'loss-not-acknowledged' : undefined
}

/** Whether the last copy can be proven: taken, or, where a thing must be empty, seen to be so. A word for the loss is asked for elsewhere. */
function hasLastCopy(state: EnvironmentState, node: NodeId, kind: Kind, context: RemovalContext): boolean {
  const lastCopy = lastCopyOf(state, node, kind)
  if (lastCopy === 'final-snapshot') return snapshotSource(state, node, context) !== undefined
  if (lastCopy !== 'must-be-empty') return true
  const provider = aliveVersion(state.graph, node)?.ref?.provider
  return provider !== undefined && context.capabilities(provider, kind.name)?.lastCopy === 'emptiness'
}

/** A replica is exempt from what its kind asks for: its source holds the data (PROTECT 6). */
function lastCopyOf(state: EnvironmentState, node: NodeId, kind: Kind): LastCopyRule | 'replica' {
  if (sourceOf(state, node) !== undefined) return 'replica'
  return kind.lastCopy ?? 'loss-acknowledged'
}

/**
 * PROTECT 11: what a preview environment made itself goes with it, without a word and without a copy. What somebody handed over to it, or
 * bound a need to, was there for another reason.
 */
function isWaived(state: EnvironmentState, node: NodeId, context: RemovalContext): boolean {
  return state.environment.type === 'preview' && !state.protection.entrusted.has(node) && isDestroying(state, context)
}

function isDestroying(state: EnvironmentState, { destroying }: RemovalContext): boolean {
  return destroying ?? isBeingDestroyed(state)
}

/** What goes before a node: what has an edge to it, and its replicas, which keep a provider from removing it. */
export function dependentsOf(
  state: EnvironmentState,
  node: NodeId,
  { kinds }: Pick<RemovalContext, 'kinds'>,
  retiring?: ReadonlySet<EdgeId>,
): readonly NodeId[] {
  const replicas = mayHaveReplicas(kinds.orUnknown(kindOf(node))) ? replicasOf(state, node) : []
  return [...new Set([...neighbours(state, node, 'incoming', retiring), ...replicas])]
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
