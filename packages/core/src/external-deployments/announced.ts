import type { EnvironmentState } from '../environment/state.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion } from '../graph/state.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import type { MaybeValue } from '../drift/compare.ts'
import type { RecordedChange } from './external-plan.ts'
import { isAsPlanned } from './planned-values.ts'
import type { Announcement, ExternalDeployment } from './state.ts'

/** A change that an external deployment announces. */
export type Announced = { readonly deployment: ExternalDeployment; readonly change: RecordedChange }

/** What is announced about a node: by what is open, the newest first, before what was rejected. */
export function announcedOf(state: EnvironmentState, node: NodeId): readonly Announced[] {
  return found(state, state.externalDeployments.byNode.get(node))
}

/** The deployment that announces a value of a property, or that it goes; undefined where none does. */
export function announcerOf(
  state: EnvironmentState,
  node: NodeId,
  property: string,
  value: MaybeValue,
  kinds: KindCatalogue,
): ExternalDeployment | undefined {
  if (!state.externalDeployments.byNode.has(node)) return undefined
  return announcedOf(state, node).find(({ change }) => isAsPlanned(change, property, value, kinds))?.deployment
}

/** What is announced to come to an address, as a thing of a kind: the newest open one first. */
export function arrivingAt(
  state: EnvironmentState,
  { address, kind, lineage }: { readonly address: string; readonly kind: string; readonly lineage: string },
): Announced | undefined {
  return found(state, state.externalDeployments.byAddress.get(address)).find(
    ({ deployment, change }) =>
      kindOf(change.node) === kind && (deployment.lineage === undefined || deployment.lineage === lineage),
  )
}

/** The node that is announced to be renamed to an address, where the ledger knows it at the address before. */
export function movedTo(
  state: EnvironmentState,
  arriving: { readonly address: string; readonly kind: string; readonly lineage: string },
): { readonly node: NodeId; readonly from: string } | undefined {
  if (state.externalDeployments.byAddress.size === 0) return undefined
  const change = arrivingAt(state, arriving)?.change
  const origin = change === undefined ? undefined : state.graph.nodes.get(change.node)?.origin
  if (change?.previousAddress === undefined || origin?.address !== change.previousAddress) return undefined
  if (aliveVersion(state.graph, change.node) === undefined) return undefined
  return origin.lineage === arriving.lineage ? { node: change.node, from: origin.address } : undefined
}

/** The deployment that announces that a node goes, or is replaced by another thing. */
export function endAnnouncedBy(state: EnvironmentState, node: NodeId): Announced | undefined {
  if (!state.externalDeployments.byNode.has(node)) return undefined
  return announcedOf(state, node).find(({ change }) => ENDS.has(change.action))
}

const ENDS: ReadonlySet<string> = new Set(['remove', 'replace', 'forget'])

function found(state: EnvironmentState, announcements: readonly Announcement[] = []): readonly Announced[] {
  const all = announcements.flatMap(({ deployment: id, address }): Announced[] => {
    const deployment = state.externalDeployments.deployments.get(id)
    const known = deployment?.changes.get(address)
    if (deployment === undefined || known === undefined || deployment.status === 'recording') return []
    // What was turned down, and would no longer do what it said, is not behind what happens later.
    if (deployment.status === 'rejected' && deployment.movements > 0 && deployment.credited === 0) return []
    return [{ deployment, change: known.change }]
  })
  const newest = all.toReversed()
  return [
    ...newest.filter(({ deployment }) => deployment.status === 'open'),
    ...newest.filter(({ deployment }) => deployment.status !== 'open'),
  ]
}
