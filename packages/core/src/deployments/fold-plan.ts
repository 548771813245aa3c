import { describeActor } from '../access/actor.ts'
import type { Actor } from '../access/actor.ts'
import type { EventData } from '../environment/catalogue.ts'
import { inputKey } from '../planning/input-key.ts'
import { change } from './fold.ts'
import type { PlanDraft } from './approval.ts'
import type { DeploymentsSlice } from './state.ts'

/** Voidings of one deployment at hand for its readers; older ones are in the events. */
export const VOIDINGS_KEPT = 20

/** How a mover reads who is not known (yet). */
const UNKNOWN_MOVER = 'unknown, observed by'

/** Somebody whom nobody has named yet; `actor` saw what they did. */
export function unknownMover(actor: Actor): string {
  return `${UNKNOWN_MOVER} ${describeActor(actor)}`
}

/** Nothing of a plan is recorded. */
export function emptyDraft(): PlanDraft {
  return { steps: new Map(), inputs: new Map(), hasInputs: false }
}

/** Takes in a part of a plan that is being recorded. */
export function draftPlan(slice: DeploymentsSlice, data: EventData<'PlanStepsRecorded'>): void {
  const draft = (data.part === 1 ? undefined : slice.drafts.get(data.deployment)) ?? emptyDraft()
  for (const step of data.steps)
    draft.steps.set(step.id, { step, status: 'planned', attempts: 0, intent: undefined, error: undefined })
  for (const { input, value } of data.inputs ?? []) draft.inputs.set(input, value)
  if (data.inputs !== undefined) draft.hasInputs = true
  slice.drafts.set(data.deployment, draft)
}

/** Approvals count no more: those that are too old, or all of them with their plan, which waits until it is made again. */
export function voidApprovals(slice: DeploymentsSlice, data: EventData<'ApprovalVoided'>, at: string): void {
  const deployment = slice.deployments.get(data.deployment)
  if (deployment === undefined) return
  const { digest, reason, expired, moved = [] } = data
  deployment.voidings.push({ at, digest, reason, moved })
  if (deployment.voidings.length > VOIDINGS_KEPT) deployment.voidings.shift()
  if (expired === undefined) {
    change(slice, data.deployment, { approvals: [], isVoid: true })
    return
  }
  const isExpired = new Set(expired.map(({ by, at: given }) => `${by.type} ${by.id} ${given}`))
  const kept = deployment.approvals.filter(({ by, at: given }) => !isExpired.has(`${by.type} ${by.id} ${given}`))
  change(slice, data.deployment, { approvals: kept })
}

/** The provider's log names who moved an input, after the approval was void already. */
export function nameMover(slice: DeploymentsSlice, data: EventData<'DriftAttributed'>): void {
  if (data.principal === 'unknown' || slice.current === undefined) return
  const by = `${data.principal.type} ${data.principal.id}`
  const input = inputKey.node(data.node)
  for (const voiding of slice.deployments.get(slice.current)?.voidings ?? []) {
    voiding.moved = voiding.moved.map((moved) =>
      moved.input === input && moved.by.startsWith(UNKNOWN_MOVER) && isOf(moved.to, data) ? { ...moved, by } : moved,
    )
  }
}

/** Whether an attribution is of what moved the input: of the version that it moved to, or of a difference from the version that it is at. */
function isOf(to: string, { version, properties }: EventData<'DriftAttributed'>): boolean {
  return to === `version ${version}` || properties.some((property) => to.endsWith(`differs in ${property}`))
}

/** Remembers what somebody changed outside since we wrote it last. */
export function rememberOutside(slice: DeploymentsSlice, data: EventData<'NodeVersionRecorded'>): void {
  const { node, set, unset, cause } = data
  const byDrift = cause.type === 'drift' && cause.firstReading !== true
  if (!byDrift && cause.type !== 'deployment') return
  const known = slice.changedOutside.get(node)
  if (!byDrift && known === undefined) return
  const properties = known ?? new Set<string>()
  for (const property of [...Object.keys(set), ...unset])
    if (byDrift) properties.add(property)
    else properties.delete(property)
  if (properties.size === 0) slice.changedOutside.delete(node)
  else slice.changedOutside.set(node, properties)
}
