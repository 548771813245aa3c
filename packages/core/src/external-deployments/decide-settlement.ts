import { raise } from '../drift/alerts.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { CommandContext, Decision } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { hasBegun } from './approval.ts'
import { movementText } from './describe-movement.ts'
import { outstanding } from './outstanding.ts'
import type { ExternalDeployment } from './state.ts'

/** Movements that the reason of a void approval names. */
const MOVEMENTS_NAMED = 3

/**
 * Draws the conclusions of what came into the ledger: approvals under which something moved are void, what was carried out without the
 * approval that the policy asks for is alerted, and what was seen whole is applied. Nothing while an import is half done.
 */
export function decideSettlement(state: EnvironmentState, context: CommandContext): Decision {
  if (state.graph.openImport !== undefined) return { type: 'accepted', events: [] }
  const events = [...state.externalDeployments.deployments.values()].flatMap((deployment) => [
    ...voidedApproval(state, deployment, context),
    ...unapprovedChange(state, deployment, context),
    ...completed(state, deployment, context),
  ])
  return { type: 'accepted', events, divisible: true }
}

/** Whether there may be a conclusion to draw; cheap, for it is asked after every scan and import. */
export function mayBeSettled(state: EnvironmentState): boolean {
  return state.externalDeployments.deployments.values().some(({ status, movements, credited, reported, changes }) => {
    if (status !== 'open' && status !== 'rejected') return false
    return movements > 0 || credited > 0 || reported !== undefined || changes.values().some(({ seen }) => seen)
  })
}

function voidedApproval(
  state: EnvironmentState,
  deployment: ExternalDeployment,
  { newId }: CommandContext,
): readonly DomainEvent[] {
  const { id, status, digest, moved, movements, approvals, voided } = deployment
  if (status !== 'open' || voided !== undefined || movements === 0 || approvals.length === 0) return []
  if (hasBegun(deployment)) return []
  const more = movements > MOVEMENTS_NAMED ? ` and ${movements - MOVEMENTS_NAMED} more` : ''
  const reason = `${moved.slice(0, MOVEMENTS_NAMED).map(movementText).join('; ')}${more}`.slice(0, 2_048)
  const message = `the approval of external deployment ${id} is void, for what it plans to change moved: ${reason}`
  return [
    { type: 'ExternalApprovalVoided', data: { deployment: id, digest, reason, moved: [...moved] } },
    ...raise(state, { reason: 'approval-voided', severity: 'warning', message }, newId),
  ]
}

function unapprovedChange(
  state: EnvironmentState,
  deployment: ExternalDeployment,
  { newId }: CommandContext,
): readonly DomainEvent[] {
  const { id, status, required, approvals, voided, reason, approvedWhenApplied, unapproved, plan, trigger } = deployment
  const isRejected = status === 'rejected'
  if (unapproved || approvedWhenApplied !== false || (status !== 'open' && !isRejected)) return []
  const why = isRejected
    ? `it was rejected${reason === undefined ? '' : `: ${reason}`}`
    : voided === undefined
      ? `it had ${approvals.length} of ${required} approvals`
      : `its approval was void: ${voided}`
  const message = `external deployment ${id} (${plan}, commit ${trigger.commit}) was carried out without approval: ${why}`
  return [
    {
      type: 'ExternalChangeUnapproved',
      data: { deployment: id, required, approvals: approvals.length, reason: why.slice(0, 4_096) },
    },
    ...raise(
      state,
      { reason: 'external-change-unapproved', severity: 'critical', message: message.slice(0, 4_096) },
      newId,
    ),
  ]
}

function completed(
  state: EnvironmentState,
  deployment: ExternalDeployment,
  { kinds }: CommandContext,
): readonly DomainEvent[] {
  const { id, status } = deployment
  if (status !== 'open' || !hasBegun(deployment) || outstanding(state, deployment, kinds).length > 0) return []
  return [{ type: 'ExternalDeploymentApplied', data: { deployment: id, graphVersion: state.graph.version } }]
}
