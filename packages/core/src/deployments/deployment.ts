import type { Actor } from '../access/actor.ts'
import type { Authorization } from '../access/authorization.ts'
import type { EventData } from '../environment/catalogue.ts'
import type { Step } from '../planning/step.ts'
import type { TraceContext } from '../telemetry/telemetry.ts'
import type { Approval, Voiding } from './approval.ts'
import type { Phase } from './phases.ts'

/** One run of a plan. */
export type Deployment = Readonly<Omit<EventData<'DeploymentTriggered'>, 'deployment'>> & {
  readonly id: string
  readonly triggeredAt: string
  readonly triggeredBy: Actor
  /** What its trigger belongs to, and so does everything that it does. */
  readonly correlationId: string
  /** The trace in which it was triggered, where that was recorded. */
  readonly trace: TraceContext | undefined
  /** What allowed its trigger. */
  readonly triggeredAuthorization?: Authorization
  /** Revision of its trigger: its story begins there. */
  readonly revision: number
  status: DeploymentStatus
  plan: Plan | undefined
  approvals: Approval[]
  requiredApprovals: number
  /** What was asked for last; a plan that takes the place of this one asks for no less. */
  asked: EventData<'ApprovalRequested'> | undefined
  /** An input of the plan has moved: it cannot be approved until it is planned again. */
  isVoid: boolean
  /** Oldest first; at most the last twenty. */
  readonly voidings: Voiding[]
  /** Who reviewed it, where it was an emergency (DEPLOY 13). */
  review: { readonly by: Actor; readonly at: string; readonly comment: string } | undefined
  phase: Phase | undefined
  readonly completedPhases: Phase[]
  /** Who wants it cancelled once the calls under way have come to their end. */
  cancellation: { readonly by: Actor; readonly reason: string } | undefined
  /** Times that it went back to planning because the world had moved. */
  revisions: number
  endedAt: string | undefined
  /** Why it failed, was rejected or cancelled. */
  reason: string | undefined
  /** The graph version that it reached. */
  graphVersion: number | undefined
}

/** How far a step came. */
export type StepStatus = 'planned' | 'started' | 'succeeded' | 'deferred' | 'failed'

/** A step of the plan and how far it came. */
export type StepState = {
  readonly step: Step
  status: StepStatus
  attempts: number
  /** The intent of the last attempt: what was to be called. */
  intent: EventData<'StepStarted'> | undefined
  error:
    | { readonly code: string; readonly message: string; readonly outcome: 'refused' | 'retryable' | 'unknown' }
    | undefined
}

/** The plan of a deployment, as it was recorded. */
export type Plan = {
  readonly digest: string
  /** Of the event that completed it. */
  readonly revision: number
  readonly graphVersion: number
  readonly requests: readonly string[]
  readonly infrastructureSteps: number
  readonly steps: Map<string, StepState>
  /** What it was computed from, by input; undefined for plans that were recorded before inputs were. */
  readonly inputs: Map<string, string> | undefined
}

/** Where a deployment is; the last five are its ends. */
export type DeploymentStatus =
  | 'triggered'
  | 'planned'
  | 'waiting-for-approval'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'rejected'
  | 'cancelled'
  | 'superseded'

const ENDED: ReadonlySet<DeploymentStatus> = new Set(['succeeded', 'failed', 'rejected', 'cancelled', 'superseded'])

/** Whether nothing can happen to a deployment any more. */
export function hasEnded(deployment: Deployment): boolean {
  return ENDED.has(deployment.status)
}
