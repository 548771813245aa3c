import { describeActor } from '../access/actor.ts'
import type { LedgerEvent } from '../environment/catalogue.ts'
import type { Cause } from '../graph/cause.ts'
import { kindOf } from '../graph/ids.ts'
import { jsonEqual } from '../json.ts'
import { isApproved } from './approval.ts'
import type { RecordedChange } from './external-plan.ts'
import { announce } from './fold.ts'
import { isToldByExecution } from './planned-values.ts'
import type { ExternalDeployment, ExternalDeploymentsSlice } from './state.ts'

/** Movements that a deployment keeps by name; the others are counted. */
const MOVEMENTS_KEPT = 20
/** Properties that one movement names. */
const PROPERTIES_KEPT = 20

/** A version that an external deployment caused is credited to it; one that something else caused moved what it plans to change. */
export function noteVersion(slice: ExternalDeploymentsSlice, event: LedgerEvent<'NodeVersionRecorded'>): void {
  const { data } = event
  const credited = credit(slice, data.cause)
  if (slice.byNode.size === 0 && slice.byAddress.size === 0) return
  noteArrival(slice, event)
  for (const { deployment: id, address } of slice.byNode.get(data.node) ?? []) {
    const deployment = slice.deployments.get(id)
    const change = deployment?.changes.get(address)?.change
    if (deployment === undefined || change === undefined) continue
    if (id === credited) {
      noteDone(deployment, address)
      continue
    }
    const moved = movedBy(change, event)
    if (moved.length > 0) noteMovement(deployment, event, moved)
  }
}

/** A thing that an external deployment is to remove or replace is gone; or one that it is to change, by something else. */
export function noteRetirement(slice: ExternalDeploymentsSlice, event: LedgerEvent<'NodeRetired'>): void {
  const { data } = event
  const credited = credit(slice, data.cause)
  for (const { deployment: id, address } of slice.byNode.get(data.node) ?? []) {
    const deployment = slice.deployments.get(id)
    const state = deployment?.changes.get(address)
    if (deployment === undefined || state === undefined) continue
    const { action } = state.change
    if (action === 'remove' || action === 'forget' || (action === 'replace' && data.reason === 'replaced'))
      state.seen = true
    else if (id !== credited) noteMovement(deployment, event, [])
  }
}

function credit(slice: ExternalDeploymentsSlice, cause: Cause): string | undefined {
  if (cause.type !== 'external-deployment') return undefined
  const deployment = slice.deployments.get(cause.deployment)
  if (deployment !== undefined) {
    deployment.approvedWhenApplied ??= isApproved(deployment)
    deployment.credited++
  }
  return cause.deployment
}

/** What it changed shows that it was there: so a replacement is seen without an id of the provider's, and what only the execution told. */
function noteDone({ changes }: ExternalDeployment, address: string): void {
  const state = changes.get(address)
  if (state !== undefined) state.seen = true
}

/** Something came to an address: what was to be created, imported or renamed is known by its node from now on. */
function noteArrival(slice: ExternalDeploymentsSlice, { data }: LedgerEvent<'NodeVersionRecorded'>): void {
  const { node, origin } = data
  if (origin === undefined) return
  for (const announcement of slice.byAddress.get(origin.address) ?? []) {
    const deployment = slice.deployments.get(announcement.deployment)
    const state = deployment?.changes.get(origin.address)
    if (deployment === undefined || state === undefined || kindOf(node) !== kindOf(state.change.node)) continue
    if (deployment.lineage !== undefined && deployment.lineage !== origin.lineage) continue
    state.seen = true
    const known = slice.byNode.get(node) ?? []
    if (!known.some(({ deployment: id }) => id === deployment.id)) announce(slice.byNode, node, announcement)
    state.node = node
  }
}

/**
 * Which properties that the plan reads were moved. What a property was moved to may be what the tool saw already when it planned; then
 * the ledger only came to know what the plan knew.
 */
function movedBy(change: RecordedChange, { data }: LedgerEvent<'NodeVersionRecorded'>): readonly string[] {
  const told = [...Object.keys(data.set), ...data.unset]
  // What is to be created has no values that could move; what is to go may not be what it was when somebody agreed to that.
  if (change.action === 'create') return []
  if (change.action === 'remove' || change.action === 'replace') return told
  return told.filter((property) => {
    const planned = change.properties.find((one) => one.property === property)
    if (planned === undefined) return isToldByExecution(change, property)
    const [before, now] = [planned.before ?? null, data.set[property] ?? null]
    return !jsonEqual(before, now)
  })
}

function noteMovement(
  deployment: ExternalDeployment,
  { data, metadata }: LedgerEvent<'NodeVersionRecorded' | 'NodeRetired'>,
  properties: readonly string[],
): void {
  deployment.movements++
  if (deployment.moved.length >= MOVEMENTS_KEPT) return
  deployment.moved.push({
    node: data.node,
    version: data.version,
    properties: properties.slice(0, PROPERTIES_KEPT),
    by: describeActor(metadata.actor),
    cause: data.cause.type,
  })
}
