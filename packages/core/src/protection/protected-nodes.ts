import { deployedModel } from '../application/state.ts'
import { usedNodes } from '../application/usage.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion, isManaged } from '../graph/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { isNotAtProvider } from './last-copy.ts'
import { BECAUSE, keptReasons, removalVerdicts } from './removable.ts'
import type { KeptReason } from './removable.ts'

/** Why a node stands in the way of the destruction of its environment. */
export type ProtectedReason =
  | Exclude<KeptReason, 'not-there' | 'observed'>
  | 'in-use'
  | 'cloud-not-configured'
  | 'creation-unresolved'

/** A node that stands in the way of the destruction of its environment, with everything that is to be done about it. */
export type ProtectedNode = {
  readonly node: NodeId
  readonly reasons: readonly ProtectedReason[]
  /** The same for persons. */
  readonly why: string
}

/** Protected nodes that a refusal lists, and those that its message names. */
const PROTECTED_LISTED = 1_000
const PROTECTED_NAMED = 10

const WHY: Readonly<Record<Exclude<ProtectedReason, 'needed'>, string>> = {
  ...BECAUSE,
  'in-use':
    'is used by the application: confirm its deletion for the destruction of the environment, or deploy without it',
  'cloud-not-configured': 'lies at a provider that is not configured here',
  'creation-unresolved':
    'may have been created by a deployment that never learned the outcome, and something of its name is there: deploy again, and it is found out, or remove it at the provider',
}

/** Living nodes that a destruction removes: ours, all of them. What is only observed is never touched (OWN 1). */
export function nodesToDestroy({ graph }: EnvironmentState): readonly NodeId[] {
  return [...graph.nodes.keys()].filter((node) => aliveVersion(graph, node) !== undefined && isManaged(graph, node))
}

/**
 * Every node that stands in the way of the destruction of its environment, with all reasons at once (PROTECT 5): a person can work through
 * the list, instead of meeting one refusal after the other.
 */
export function protectedNodes(state: EnvironmentState, context: CommandContext): readonly ProtectedNode[] {
  const removal = { kinds: context.kinds, capabilities: context.capabilities, destroying: true }
  const model = deployedModel(state.application)
  const used = model === undefined ? new Set<NodeId>() : usedNodes(state, model)
  const verdicts = removalVerdicts(state, nodesToDestroy(state), removal)
  const nodes = [...verdicts].flatMap(([node, verdict]): ProtectedNode[] => {
    const own = keptReasons(state, node, removal)
    const reasons = own.flatMap((reason): ProtectedReason[] => {
      if (reason === 'not-there' || reason === 'observed') return []
      return reason === 'not-confirmed' && used.has(node) ? ['in-use', reason] : [reason]
    })
    const sentences = reasons.flatMap((reason) => (reason === 'needed' ? [] : [WHY[reason]]))
    if (verdict.type === 'kept' && verdict.reason === 'needed') {
      reasons.push('needed')
      sentences.push(verdict.because.slice(node.length + 1))
    }
    if (isOutOfReach(state, node, context)) {
      reasons.push('cloud-not-configured')
      sentences.push(WHY['cloud-not-configured'])
    }
    return reasons.length === 0 ? [] : [{ node, reasons, why: sentences.join('; ') }]
  })
  return [...nodes, ...unresolvedCreations(state)]
}

/** What we may have made without knowing: a creation has no known outcome, and a scan found something of its name that no node knows. */
function unresolvedCreations({ deployments, drift, graph }: EnvironmentState): readonly ProtectedNode[] {
  const found = new Set([...drift.unmanaged.values()].map(({ kind, ref }) => `${kind} ${ref.name}`))
  return [...deployments.unresolved].flatMap(([node, { name }]) =>
    aliveVersion(graph, node) === undefined && found.has(`${kindOf(node)} ${name}`)
      ? [{ node, reasons: ['creation-unresolved' as const], why: WHY['creation-unresolved'] }]
      : [],
  )
}

/** The refusal to destroy while a protected node is left, with all of them; undefined where none is (PROTECT 5). */
export function environmentProtected(state: EnvironmentState, context: CommandContext): Rejection | undefined {
  const nodes = protectedNodes(state, context)
  if (nodes.length === 0) return undefined
  const { name: environment } = state.environment
  const named = nodes.slice(0, PROTECTED_NAMED).map(({ node, why }) => `${node} ${why}`)
  const more = nodes.length > PROTECTED_NAMED ? `; and ${nodes.length - PROTECTED_NAMED} more` : ''
  const message = `${environment} is not destroyed while something in it is protected: ${named.join('. ')}${more}`
  const details = { environment, total: nodes.length, protected: nodes.slice(0, PROTECTED_LISTED) }
  return reject('environment-protected', message, details)
}

function isOutOfReach(state: EnvironmentState, node: NodeId, context: CommandContext): boolean {
  const ref = aliveVersion(state.graph, node)?.ref
  return ref !== undefined && !context.providers.includes(ref.provider) && !isNotAtProvider(state, node, context)
}
