import type { EventData } from '@infraledger/core/rules'
import type { Projected } from './projected-event.ts'
import { actorText } from './readable.ts'
import type { WorkingSet } from './working-set.ts'

type Judgement = Projected<
  'DeploymentApproved' | 'DeploymentRejected' | 'ExternalDeploymentApproved' | 'ExternalDeploymentRejected'
>

/** Writes what somebody said of a plan. */
export function recordApproval(rows: WorkingSet, event: Judgement, decision: 'approved' | 'rejected'): void {
  const { environment, revision, data, metadata } = event
  rows.put('approvals', {
    environment,
    revision,
    deployment_id: data.deployment,
    decision,
    digest: data.digest,
    approver: actorText(metadata.actor),
    approver_assurance: metadata.actor.assurance,
    approver_roles: metadata.authorization?.roles ?? null,
    approved_at: metadata.recordedAt,
    comment: 'reason' in data ? data.reason : (data.comment ?? null),
    sections: 'sections' in data && data.sections !== undefined ? data.sections : null,
    counts: decision === 'approved',
    void_at: null,
    void_reason: null,
  })
}

/** Approvals of a deployment count no more: those that are named, or all that were given before the event. */
export function voidApprovals(
  rows: WorkingSet,
  { environment, revision, metadata }: Projected,
  deployment: string,
  reason: string,
  named?: EventData<'ApprovalVoided'>['expired'],
): void {
  const set = { counts: false, void_at: metadata.recordedAt, void_reason: reason }
  const where = { environment, deployment_id: deployment, counts: true, revision: { below: revision } }
  if (named === undefined) rows.update({ table: 'approvals', set, where })
  for (const { by, at } of named ?? [])
    rows.update({ table: 'approvals', set, where: { ...where, approver: actorText(by), approved_at: at } })
}
