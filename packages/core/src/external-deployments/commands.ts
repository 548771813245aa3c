import type { Trigger } from '../deployments/trigger.ts'
import type { ExternalPlan } from './external-plan.ts'

type OnExternal<T extends string, Fields = unknown> = { readonly type: T; readonly deployment: string } & Fields

/** What is asked of plans that other tools carry out. */
export type ExternalDeploymentCommand =
  /** `supersede`: what is open for the same resources is withdrawn for this one. */
  | OnExternal<
      'propose-external',
      { readonly plan: ExternalPlan; readonly trigger: Trigger; readonly supersede?: boolean }
    >
  | OnExternal<'approve-external', { readonly digest: string; readonly comment?: string }>
  | OnExternal<'reject-external', { readonly digest: string; readonly reason: string }>
  | OnExternal<'withdraw-external', { readonly reason: string }>
  /** The tool ran, says whoever ran it. */
  | OnExternal<'report-external-apply', { readonly at?: string; readonly comment?: string }>
  /** Draws the conclusions of what was imported or observed since: approvals that are void, what was not approved, what is complete. */
  | { readonly type: 'settle-external' }

/** One command by its type. */
export type ExternalDeploymentCommandOf<T extends ExternalDeploymentCommand['type']> = Extract<
  ExternalDeploymentCommand,
  { readonly type: T }
>
