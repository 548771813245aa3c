import type { RecordedChange } from './external-plan.ts'
import type { Announcement, ExternalDeployment, ExternalDeploymentsSlice } from './state.ts'

/** Rejected plans of which the changes are still at hand, so that it is noticed when one is carried out anyway. */
const REJECTIONS_KEPT = 16

/** Takes a part of a plan in, and makes it findable by node and address. */
export function addChanges(
  slice: ExternalDeploymentsSlice,
  { id, changes }: ExternalDeployment,
  recorded: readonly RecordedChange[],
): void {
  for (const change of recorded) {
    const { address, node, version } = change
    changes.set(address, { change, node, seen: false })
    const announcement = { deployment: id, address }
    if (version > 0) announce(slice.byNode, node, announcement)
    if (arrives(change)) announce(slice.byAddress, address, announcement)
  }
}

/** Whether a change brings something to its address that the ledger has not found there yet. */
export function arrives({ action, previousAddress }: RecordedChange): boolean {
  return action === 'create' || action === 'import' || previousAddress !== undefined
}

/** Makes a deployment findable. */
export function announce<Key>(index: Map<Key, readonly Announcement[]>, key: Key, announcement: Announcement): void {
  index.set(key, [...(index.get(key) ?? []), announcement])
}

/** Ends an external deployment. Its changes are let go, but for those of a rejected one, which may be carried out all the same. */
export function end(
  slice: ExternalDeploymentsSlice,
  id: string,
  status: 'applied' | 'rejected' | 'withdrawn',
  endedAt: string,
  reason: string | undefined,
): void {
  const deployment = slice.deployments.get(id)
  if (deployment === undefined) return
  Object.assign(deployment, { status, endedAt, reason })
  if (status !== 'rejected') forget(slice, deployment)
}

/** Lets the changes of all but the newest rejected plans go. */
export function forgetOldRejections(slice: ExternalDeploymentsSlice): void {
  const kept = [...slice.deployments.values()].filter(
    ({ status, changes }) => status === 'rejected' && changes.size > 0,
  )
  for (const deployment of kept.slice(0, Math.max(0, kept.length - REJECTIONS_KEPT))) forget(slice, deployment)
}

function forget(slice: ExternalDeploymentsSlice, { id, changes }: ExternalDeployment): void {
  for (const [address, { node }] of changes) {
    drop(slice.byAddress, address, id)
    drop(slice.byNode, node, id)
  }
  changes.clear()
}

function drop<Key>(index: Map<Key, readonly Announcement[]>, key: Key, id: string): void {
  const left = index.get(key)?.filter(({ deployment }) => deployment !== id) ?? []
  if (left.length > 0) index.set(key, left)
  else index.delete(key)
}
