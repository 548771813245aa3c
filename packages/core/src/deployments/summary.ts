import type { Actor } from '../access/actor.ts'
import type { Authorization } from '../access/authorization.ts'
import type { Deployment, DeploymentStatus } from './state.ts'
import type { Phase } from './phases.ts'
import type { Trigger } from './trigger.ts'

/** A deployment as its readers see it. */
export type DeploymentSummary = {
  readonly id: string
  readonly status: DeploymentStatus
  readonly commit: string
  readonly trigger: Trigger
  readonly triggeredAt: string
  readonly triggeredBy: Actor
  readonly triggeredAuthorization?: Authorization
  readonly endedAt: string | undefined
  readonly phase: Phase | undefined
  /** Digest of its plan: what an approval names. */
  readonly planDigest: string | undefined
  readonly requests: readonly string[]
  readonly approvals: readonly {
    readonly by: Actor
    readonly at: string
    readonly digest: string
    readonly comment: string | undefined
    readonly authorization?: Authorization
  }[]
  readonly requiredApprovals: number
  readonly runtime: Deployment['runtime']
  /** The graph version that it reached, when it succeeded. */
  readonly graphVersion: number | undefined
  /** Why it failed or was ended. */
  readonly reason: string | undefined
}

/** What readers see of a deployment. */
export function summarise(deployment: Deployment): DeploymentSummary {
  const {
    model: _model,
    createNeeds: _needs,
    revision: _revision,
    completedPhases: _phases,
    plan,
    ...told
  } = deployment
  return {
    ...told,
    planDigest: plan?.digest,
    requests: plan?.requests ?? [],
    approvals: [...told.approvals],
    runtime: told.runtime,
  }
}
