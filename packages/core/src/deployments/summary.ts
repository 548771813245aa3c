import type { Actor } from '../access/actor.ts'
import { missingApprovals } from './approval.ts'
import type { Approval, MissingApprovals, Voiding } from './approval.ts'
import type { Authorization } from '../access/authorization.ts'
import type { Deployment, DeploymentStatus } from './deployment.ts'
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
  /** What its caller said that it belongs to; its own id, where nothing was said. */
  readonly correlationId: string
  /** What allowed its trigger (ACCESS 1). */
  readonly triggeredAuthorization?: Authorization
  readonly endedAt: string | undefined
  readonly phase: Phase | undefined
  /** Digest of its plan: what an approval names. */
  readonly planDigest: string | undefined
  /** Change requests that its plan takes along. */
  readonly requests: readonly string[]
  /** Approvals of its present plan; those that are too old, or of another digest, count no more. */
  readonly approvals: readonly Approval[]
  /** Most that a section of its plan needs; 0 where it waits for none. */
  readonly requiredApprovals: number
  /** What it still waits for, by section: empty once it is approved, and while nothing waits. */
  readonly missingApprovals: readonly MissingApprovals[]
  /** An input of its plan moved: it is planned again before it can be approved. */
  readonly isVoid: boolean
  /** Why approvals of its plans were void, and what moved; oldest first. */
  readonly voidings: readonly Voiding[]
  /** It skipped approval, why, and who has reviewed it since (DEPLOY 13). */
  readonly emergency: { readonly reason: string; readonly review: Deployment['review'] } | undefined
  /** What its images were built with, where it was told (DEPLOY 12). */
  readonly runtime: Deployment['runtime']
  /** Set on the destruction of the environment (PROTECT 9). */
  readonly destroys?: true | undefined
  /** Who wants it cancelled; it ends when the calls under way have come to their end. */
  readonly cancellation: Deployment['cancellation']
  /** Times that it went back to planning because the world had moved (DEPLOY 5). */
  readonly revisions: number
  /** The graph version that it reached, when it succeeded. */
  readonly graphVersion: number | undefined
  /** Why it failed or was ended. */
  readonly reason: string | undefined
}

/** What readers see of a deployment; approvals that are too old at `now` count as missing. */
export function summarise(deployment: Deployment, now?: string): DeploymentSummary {
  const {
    model: _model,
    createNeeds: _needs,
    revision: _revision,
    completedPhases: _phases,
    trace: _trace,
    asked: _asked,
    review,
    plan,
    ...told
  } = deployment
  return {
    ...told,
    planDigest: plan?.digest,
    requests: plan?.requests ?? [],
    approvals: [...told.approvals],
    missingApprovals: missingApprovals(deployment, now),
    voidings: told.voidings.map((voiding) => ({ ...voiding })),
    emergency: told.emergency === undefined ? undefined : { reason: told.emergency.reason, review },
    runtime: told.runtime,
  }
}
