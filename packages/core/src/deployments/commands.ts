import type { Model } from '../application/state.ts'
import type { ResourceObservation } from '../cloud/observation.ts'
import type { EventData } from '../environment/catalogue.ts'
import type { Properties } from '../json.ts'
import type { Section } from '../planning/sections.ts'
import type { Phase } from './phases.ts'
import type { Trigger } from './trigger.ts'

type Triggered = EventData<'DeploymentTriggered'>
type StepCommand<T extends string, Fields = unknown> = {
  readonly type: T
  readonly deployment: string
  readonly step: string
} & Fields
type OnDeployment<T extends string, Fields = unknown> = { readonly type: T; readonly deployment: string } & Fields

/** What persons ask of deployments, and what an executor reports while it runs one. */
export type DeploymentCommand =
  | { readonly type: 'record-model'; readonly model: Model }
  | OnDeployment<
      'trigger-deployment',
      {
        readonly trigger: Trigger
        readonly model: string
        readonly requests: Triggered['requests']
        readonly createNeeds: Triggered['createNeeds']
        readonly runtime?: NonNullable<Triggered['runtime']>
        /** Skips approval: another right than triggering (DEPLOY 13). */
        readonly emergency?: { readonly reason: string }
      }
    >
  | OnDeployment<'plan-deployment'>
  | OnDeployment<
      'approve-deployment',
      { readonly digest: string; readonly sections?: readonly Section[]; readonly comment?: string }
    >
  | OnDeployment<'review-deployment', { readonly comment: string }>
  | OnDeployment<'reject-deployment', { readonly digest: string; readonly reason: string }>
  | OnDeployment<'cancel-deployment', { readonly reason: string }>
  | OnDeployment<'start-phase', { readonly phase: Phase }>
  | OnDeployment<'complete-phase', { readonly phase: Phase }>
  | StepCommand<'start-step'>
  /** `observation` is what was read back; `null` after a removal. */
  | StepCommand<
      'finish-step',
      {
        readonly observation: ResourceObservation | null
        readonly deferred: Properties
        readonly until?: string
        readonly result?: string
      }
    >
  | StepCommand<
      'fail-step',
      { readonly outcome: 'refused' | 'retryable' | 'unknown'; readonly code: string; readonly message: string }
    >
  | OnDeployment<'finish-deployment'>
  | OnDeployment<'fail-deployment', { readonly phase?: Phase; readonly step?: string; readonly reason: string }>

/** One command by its type. */
export type DeploymentCommandOf<T extends DeploymentCommand['type']> = Extract<DeploymentCommand, { readonly type: T }>
