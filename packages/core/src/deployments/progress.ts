import type { EventType, LedgerEvent } from '../environment/catalogue.ts'
import type { NodeId } from '../graph/ids.ts'
import type { Section } from '../planning/sections.ts'
import type { MissingApprovals, MovedInput } from './approval.ts'
import type { Phase } from './phases.ts'

/** What somebody who watches a deployment is told. `at` is the recorded time, ISO 8601. */
export type Progress = { readonly deployment: string; readonly at: string } & (
  | { readonly type: 'triggered'; readonly commit: string }
  | { readonly type: 'planned'; readonly digest: string; readonly steps: number; readonly infrastructureSteps: number }
  | {
      readonly type: 'waiting-for-approval'
      readonly digest: string
      readonly required: number
      /** What each section of the plan needs; empty for plans that were asked for as a whole. */
      readonly sections: readonly MissingApprovals[]
    }
  | { readonly type: 'approved'; readonly by: string; readonly sections: readonly Section[] | undefined }
  | { readonly type: 'approval-voided'; readonly reason: string; readonly moved: readonly MovedInput[] }
  | { readonly type: 'revised'; readonly step: string; readonly node: NodeId; readonly reason: string }
  | { readonly type: 'phase-started' | 'phase-completed'; readonly phase: Phase }
  | { readonly type: 'step-started'; readonly step: string; readonly node: NodeId; readonly attempt: number }
  | { readonly type: 'step-succeeded' | 'step-deferred'; readonly step: string; readonly node: NodeId }
  | {
      readonly type: 'step-failed'
      readonly step: string
      readonly node: NodeId
      readonly message: string
      readonly outcome: 'refused' | 'retryable' | 'unknown'
    }
  | { readonly type: 'cancelling'; readonly reason: string }
  | { readonly type: 'succeeded'; readonly graphVersion: number }
  | { readonly type: 'failed' | 'rejected' | 'cancelled' | 'superseded'; readonly reason: string }
)

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
type Told = DistributiveOmit<Progress, 'deployment' | 'at'>
type Tellers = { readonly [T in EventType]?: (event: LedgerEvent<T>) => Told }

const tellers = {
  DeploymentTriggered: ({ data }) => ({ type: 'triggered', commit: data.commit }),
  PlanComputed: ({ data }) => ({
    type: 'planned',
    digest: data.digest,
    steps: data.steps,
    infrastructureSteps: data.infrastructureSteps,
  }),
  ApprovalRequested: ({ data }) => ({
    type: 'waiting-for-approval',
    digest: data.digest,
    required: data.required,
    sections: (data.sections ?? []).map(({ section, required, named }) => ({ section, missing: required, named })),
  }),
  DeploymentApproved: ({ data, metadata }) => ({ type: 'approved', by: metadata.actor.id, sections: data.sections }),
  ApprovalVoided: ({ data }) => ({ type: 'approval-voided', reason: data.reason, moved: data.moved ?? [] }),
  DeploymentRevised: ({ data }) => ({ type: 'revised', step: data.step, node: data.node, reason: data.reason }),
  PhaseStarted: ({ data }) => ({ type: 'phase-started', phase: data.phase }),
  PhaseCompleted: ({ data }) => ({ type: 'phase-completed', phase: data.phase }),
  StepStarted: ({ data }) => ({ type: 'step-started', step: data.step, node: data.node, attempt: data.attempt }),
  StepSucceeded: ({ data }) => ({ type: 'step-succeeded', step: data.step, node: data.node }),
  StepDeferred: ({ data }) => ({ type: 'step-deferred', step: data.step, node: data.node }),
  StepFailed: ({ data }) => ({
    type: 'step-failed',
    step: data.step,
    node: data.node,
    message: data.message,
    outcome: data.outcome,
  }),
  DeploymentSucceeded: ({ data }) => ({ type: 'succeeded', graphVersion: data.graphVersion }),
  DeploymentFailed: ({ data }) => ({ type: 'failed', reason: data.reason }),
  DeploymentRejected: ({ data }) => ({ type: 'rejected', reason: data.reason }),
  CancellationRequested: ({ data }) => ({ type: 'cancelling', reason: data.reason }),
  DeploymentCancelled: ({ data }) => ({ type: 'cancelled', reason: data.reason }),
  DeploymentSuperseded: ({ data }) => ({ type: 'superseded', reason: `a newer deployment took its place: ${data.by}` }),
} as const satisfies Tellers

/** Types of events that a deployment's progress is made of. */
export const PROGRESS_EVENTS: readonly string[] = Object.keys(tellers)

/** What an event says about the progress of a deployment; undefined for one of another, or of nothing. */
export function progressOf(event: LedgerEvent, deployment: string): Progress | undefined {
  if (!('deployment' in event.data) || event.data.deployment !== deployment) return undefined
  const table: { readonly [T in EventType]?: (event: never) => Told } = tellers
  // The teller is looked up by the very type of the event that it is given.
  const tell = table[event.type] as ((event: LedgerEvent) => Told) | undefined
  return tell === undefined ? undefined : { deployment, at: event.metadata.recordedAt, ...tell(event) }
}

/** Whether nothing comes after this. */
export function isLast(progress: Progress): boolean {
  return ['succeeded', 'failed', 'rejected', 'cancelled', 'superseded'].includes(progress.type)
}
