import { nameKey } from '../cloud/provider-ref.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { ResourceObservation } from '../cloud/observation.ts'
import { currentDeployment } from '../deployments/state.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion, newestVersion } from '../graph/state.ts'
import type { GraphSlice } from '../graph/state.ts'
import { lastObserved } from './last-observed.ts'

/** When an observation's read began, by the ledger's count, and when its answer was there, by the world's clock. */
export type ObservedWhen = { readonly startedRevision: number; readonly observedAt: string }

/**
 * Why an observation decides nothing about a node (DRIFT 17), or undefined when it does: a deployment has a step open on it, the ledger
 * has a version that is younger than the read, or somebody observed it later (readings may be recorded long after they were taken).
 */
export function overtakenBy(
  state: EnvironmentState,
  node: NodeId,
  when: ObservedWhen,
  openSteps: ReadonlySet<NodeId>,
): string | undefined {
  if (openSteps.has(node)) return 'a deployment is changing it'
  const version = newestVersion(state.graph, node)
  if (version !== undefined && version.revision > when.startedRevision) return 'it changed after the read began'
  const seen = lastObserved(state, node)
  return seen !== 'never' && Date.parse(seen) > Date.parse(when.observedAt)
    ? `it was observed later already, at ${seen}`
    : undefined
}

/** The living node that is recorded under this name with another immutable id: the name was given to another thing (domain rule 1c). */
export function displacedBy(graph: GraphSlice, ref: ProviderRef): NodeId | undefined {
  const node = graph.byIdentity.get(nameKey(ref))
  const known = node === undefined ? undefined : aliveVersion(graph, node)?.ref
  return known?.id === undefined || ref.id === undefined || known.id === ref.id ? undefined : node
}

/** What open creations would answer to: a resource that we are making is not unmanaged, although no node has its handle yet. */
export function creationsUnderWay(
  state: EnvironmentState,
): (resource: Pick<ResourceObservation, 'kind' | 'ref' | 'idempotencyKey'>) => boolean {
  const names = new Set<string>()
  const keys = new Set<string>()
  for (const { intent, status } of currentDeployment(state.deployments)?.plan?.steps.values() ?? []) {
    if (intent?.operation !== 'create' || status === 'succeeded') continue
    if (intent.name !== undefined) names.add(nameOfKind(kindOf(intent.node), intent.name))
    keys.add(intent.idempotencyKey)
  }
  return ({ kind, ref, idempotencyKey }) =>
    names.has(nameOfKind(kind, ref.name)) || (idempotencyKey !== undefined && keys.has(idempotencyKey))
}

function nameOfKind(kind: string, name: string): string {
  return `${kind}|${name}`
}

/** The recorded handle with what the observed one adds: a new name, or an id that was not known. */
export function learnedRef(graph: GraphSlice, node: NodeId, observed: ProviderRef): ProviderRef {
  return { ...aliveVersion(graph, node)?.ref, ...observed }
}
