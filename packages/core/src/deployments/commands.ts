import type { Model } from '../application/state.ts'
import type { ResourceObservation } from '../cloud/observation.ts'
import type { EventData } from '../environment/catalogue.ts'
import type { Properties } from '../json.ts'
import type { Section } from '../planning/sections.ts'
import type { Phase } from './phases.ts'
import type { Trigger } from './trigger.ts'

type Triggered = EventData<'DeploymentTriggered'>
type OnDeployment<T extends string, Fields = unknown> = { readonly type: T; readonly deployment: string } & Fields
/** Said by the executor that holds the deployment; each is decided on its claim (DEPLOY 9). */
type ByExecutor<T extends string, Fields = unknown> = OnDeployment<T, { readonly executor?: string } & Fields>
type StepCommand<T extends string, Fields = unknown> = ByExecutor<T, { readonly step: string } & Fields>

type TriggerFields = {
  readonly trigger: Trigger
  readonly model: string
  readonly requests: Triggered['requests']
  readonly createNeeds: Triggered['createNeeds']
  readonly runtime?: NonNullable<Triggered['runtime']>
}

/** What persons ask of deployments, and what an executor reports while it runs one. */
export type DeploymentCommand =
  | { readonly type: 'record-model'; readonly model: Model }
  | OnDeployment<'trigger-deployment', TriggerFields>
  /** Skips approval: another right than triggering (DEPLOY 13). */
  | OnDeployment<'trigger-emergency', TriggerFields & { readonly emergency: { readonly reason: string } }>
  | ByExecutor<'plan-deployment'>
  | OnDeployment<
      'approve-deployment',
      { readonly digest: string; readonly sections?: readonly Section[]; readonly comment?: string }
    >
  | OnDeployment<'review-deployment', { readonly comment: string }>
  | OnDeployment<'reject-deployment', { readonly digest: string; readonly reason: string }>
  | ByExecutor<'cancel-deployment', { readonly reason: string }>
  | ByExecutor<'start-phase', { readonly phase: Phase }>
  | ByExecutor<'complete-phase', { readonly phase: Phase }>
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
      {
        readonly outcome: 'refused' | 'retryable' | 'unknown'
        readonly code: string
        readonly message: string
        /** What the attempt left behind, where that is known: it is recorded. */
        readonly observation?: ResourceObservation
      }
    >
  /** `after` is the last sign of the holder whose lease has run out; a renewal is of one's own claim. */
  | OnDeployment<
      'claim-execution',
      {
        readonly executor: string
        readonly leaseMs: number
        readonly renewal?: boolean
        readonly after?: number | undefined
      }
    >
  | OnDeployment<'release-execution', { readonly executor: string; readonly reason: 'stopped' | 'waits' }>
  | StepCommand<
      'revise-deployment',
      { readonly reason: string; readonly moved: readonly EventData<'DeploymentRevised'>['moved'][number][] }
    >
  | ByExecutor<'finish-deployment'>
  | ByExecutor<'fail-deployment', { readonly phase?: Phase; readonly step?: string; readonly reason: string }>

/** What the executor that holds a deployment says of it, and, but for a cancellation, nobody else. */
export type ExecutorCommand = DeploymentCommandOf<
  | 'plan-deployment'
  | 'start-phase'
  | 'complete-phase'
  | 'start-step'
  | 'finish-step'
  | 'fail-step'
  | 'revise-deployment'
  | 'finish-deployment'
  | 'fail-deployment'
  | 'cancel-deployment'
>

/** One command by its type. */
export type DeploymentCommandOf<T extends DeploymentCommand['type']> = Extract<DeploymentCommand, { readonly type: T }>
