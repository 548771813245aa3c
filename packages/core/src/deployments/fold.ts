import type { NodeId } from '../graph/ids.ts'
import { jsonEqual } from '../json.ts'
import type { Properties } from '../json.ts'
import type { Deployment, DeploymentStatus, StepState } from './deployment.ts'
import type { DeploymentsSlice } from './state.ts'

/** Changes what is known of a deployment. */
export function change(slice: DeploymentsSlice, id: string, changes: Partial<Deployment>): void {
  const deployment = slice.deployments.get(id)
  if (deployment !== undefined) Object.assign(deployment, changes)
}

function stepOf(slice: DeploymentsSlice, deployment: string, step: string): StepState | undefined {
  return slice.deployments.get(deployment)?.plan?.steps.get(step)
}

/** Changes how far a step came. */
export function changeStep(
  slice: DeploymentsSlice,
  deployment: string,
  step: string,
  changes: Partial<StepState>,
): void {
  const state = stepOf(slice, deployment, step)
  if (state !== undefined) Object.assign(state, changes)
}

/** What a step wrote takes the place of what the provider had put off before. */
export function dropTakenBack(
  slice: DeploymentsSlice,
  { deployment, step, node }: { readonly deployment: string; readonly step: string; readonly node: NodeId },
): void {
  if (!slice.deferred.has(node)) return
  for (const property of Object.keys(stepOf(slice, deployment, step)?.step.changes ?? {}))
    dropDeferred(slice, node, property)
}

/** What a deployment that did not succeed leaves behind: values of its code, and creations that may have happened. */
export function rememberHalfDone(slice: DeploymentsSlice, id: string, revision: number): void {
  for (const { step, status, intent, error } of slice.deployments.get(id)?.plan?.steps.values() ?? []) {
    // A rollout that stopped halfway wrote some of it, too.
    if (status === 'succeeded' || status === 'deferred' || error?.code === 'roll-out-incomplete') {
      const byCode = step.origins.flatMap((origin) => (origin.type === 'code' ? origin.properties : []))
      compareAgain(slice, step.node, byCode, revision)
    } else if (intent?.operation === 'create' && (status === 'started' || error?.outcome === 'unknown'))
      slice.unresolved.set(step.node, intent)
  }
}

/** Takes a deployment back to planning. What its steps did stays done; the next plan has only what is left. */
export function revise(slice: DeploymentsSlice, id: string, revision: number): void {
  const deployment = slice.deployments.get(id)
  if (deployment === undefined) return
  rememberHalfDone(slice, id, revision)
  deployment.completedPhases.length = 0
  const revisions = deployment.revisions + 1
  change(slice, id, { status: 'triggered', plan: undefined, phase: undefined, requiredApprovals: 0, revisions })
}

/** Whether a value is what the last failed deployment asked for: a call of its own that took effect late, and nobody else's word. */
export function isLateEffect(
  slice: DeploymentsSlice,
  { node, set }: { readonly node: NodeId; readonly set: Properties },
  property: string,
): boolean {
  const { lastFailed } = slice
  const steps = lastFailed === undefined ? undefined : slice.deployments.get(lastFailed)?.plan?.steps
  for (const { step, error } of steps?.values() ?? []) {
    if (step.node !== node || error?.code !== 'roll-out-incomplete') continue
    return Object.hasOwn(set, property) && jsonEqual(step.changes[property], set[property])
  }
  return false
}

/** Has the next plan compare a node's declared values with what is there. */
export function compareAgain(
  slice: DeploymentsSlice,
  node: NodeId,
  properties: readonly string[] | 'all',
  revision: number,
): void {
  const known = slice.compareAgain.get(node)?.properties ?? new Set<string>()
  const all = known === 'all' || properties === 'all'
  slice.compareAgain.set(node, { properties: all ? 'all' : new Set([...known, ...properties]), revision })
}

/** Ends a deployment. What its steps wrote is in the graph and in the events; only the last failure's steps are kept at hand. */
export function end(
  slice: DeploymentsSlice,
  id: string,
  status: DeploymentStatus,
  endedAt: string,
  reason: string | undefined,
): void {
  change(slice, id, { status, endedAt, reason })
  slice.drafts.delete(id)
  if (slice.current === id) slice.current = undefined
  const forgotten = status === 'failed' ? slice.lastFailed : id
  if (forgotten !== undefined) slice.deployments.get(forgotten)?.plan?.steps.clear()
  if (status === 'failed') slice.lastFailed = id
}

/** Forgets that a value is on its way. */
export function dropDeferred(slice: DeploymentsSlice, node: NodeId, property: string): void {
  const byProperty = slice.deferred.get(node)
  byProperty?.delete(property)
  if (byProperty?.size === 0) slice.deferred.delete(node)
}
