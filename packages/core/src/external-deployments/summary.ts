import { hasBegun, isApproved } from './approval.ts'
import type { ExternalDeployment } from './state.ts'

/** Where an external deployment is. `partly-applied`: some of what it announced was seen, or somebody says that it ran. */
export type ExternalDeploymentStatus =
  | 'recording'
  | 'waiting-for-approval'
  | 'approved'
  | 'partly-applied'
  | 'applied'
  | 'rejected'
  | 'withdrawn'

/** An external deployment as its readers see it. */
export type ExternalDeploymentSummary = Pick<
  ExternalDeployment,
  | 'id'
  | 'tool'
  | 'plan'
  | 'digest'
  | 'commit'
  | 'trigger'
  | 'proposedAt'
  | 'proposedBy'
  | 'graphVersion'
  | 'counts'
  | 'complete'
  | 'approvals'
  | 'moved'
  | 'movements'
  | 'unapproved'
  | 'reported'
  | 'endedAt'
  | 'reason'
> & {
  readonly status: ExternalDeploymentStatus
  readonly requiredApprovals: number
  /** Why its approvals count no longer. */
  readonly voided: string | undefined
}

/** What readers see of an external deployment. */
export function summariseExternal(deployment: ExternalDeployment): ExternalDeploymentSummary {
  const { id, tool, plan, digest, commit, trigger, proposedAt, proposedBy, graphVersion, counts, complete } = deployment
  const { approvals, moved, movements, unapproved, reported, endedAt, reason, voided, required } = deployment
  return {
    id,
    status: statusOf(deployment),
    tool,
    plan,
    digest,
    commit,
    trigger,
    proposedAt,
    proposedBy,
    graphVersion,
    counts,
    complete,
    requiredApprovals: required,
    approvals: [...approvals],
    voided,
    moved: [...moved],
    movements,
    unapproved,
    reported,
    endedAt,
    reason,
  }
}

function statusOf(deployment: ExternalDeployment): ExternalDeploymentStatus {
  if (deployment.status !== 'open') return deployment.status
  if (hasBegun(deployment)) return 'partly-applied'
  return isApproved(deployment) ? 'approved' : 'waiting-for-approval'
}
