import type { EnvironmentState } from '../environment/state.ts'
import { summariseExternal } from '../external-deployments/summary.ts'
import type { ExternalDeploymentSummary } from '../external-deployments/summary.ts'

/** The plan of another tool behind a version: for which commit, who set it off, and who approved it. */
export type ExternalDeploymentLineage = Pick<
  ExternalDeploymentSummary,
  | 'id'
  | 'status'
  | 'tool'
  | 'plan'
  | 'digest'
  | 'commit'
  | 'trigger'
  | 'proposedBy'
  | 'proposedAt'
  | 'approvals'
  | 'unapproved'
>

/** What is behind a version that another tool's plan announced. */
export function externalLineage(
  state: EnvironmentState,
  id: string,
): { readonly externalDeployment?: ExternalDeploymentLineage } {
  const known = state.externalDeployments.deployments.get(id)
  if (known === undefined) return {}
  const { status, tool, plan, digest, commit, trigger, proposedBy, proposedAt, approvals, unapproved } =
    summariseExternal(known)
  return {
    externalDeployment: {
      id,
      status,
      tool,
      plan,
      digest,
      commit,
      trigger,
      proposedBy,
      proposedAt,
      approvals,
      unapproved,
    },
  }
}
