import type { Actor } from '../../access/actor.ts'
import type { Approval } from '../../deployments/approval.ts'
import type { Trigger } from '../../deployments/trigger.ts'
import type { DriftReview } from '../../drift/state.ts'
import type { EventData } from '../../environment/catalogue.ts'
import type { Cause } from '../../graph/cause.ts'
import type { EdgeId, NodeId } from '../../graph/ids.ts'
import type { JsonValue, Properties } from '../../json.ts'

/** Where a row of a report comes from: the event that says so, which can be proven. */
export type RowSource = {
  readonly environment: string
  /** When it was recorded (ISO 8601): by this it belongs to a period. */
  readonly at: string
  /** When it happened in the world, where that is known. */
  readonly effectiveAt?: string
  readonly actor: Actor
  readonly event: { readonly id: string; readonly stream: string; readonly revision: number; readonly position: bigint }
}

/** Somebody’s wish that is behind a change. */
export type ReportedRequest = { readonly id: string; readonly requester: Actor; readonly reason: string }

/** The deployment behind a change: ours, or one of another tool. */
export type ReportedDeployment = {
  readonly id: string
  readonly commit: string
  readonly trigger: Trigger
  readonly triggeredBy: Actor
  /** The tool that carried it out, where it was not the ledger. */
  readonly tool?: string
  /** Why it skipped approval. */
  readonly emergency?: string
  /** Those that counted when the change was recorded. */
  readonly approvals: readonly Pick<Approval, 'by' | 'at' | 'comment'>[]
}

/** One change of the graph. */
export type ReportedChange = RowSource & {
  readonly record: 'change'
  readonly what: 'created' | 'changed' | 'retired' | 'connected' | 'disconnected' | 'handed over'
  readonly subject: NodeId | EdgeId
  readonly version?: number
  readonly graphVersion?: number
  readonly set: Properties
  readonly unset: readonly string[]
  /** Why it exists; a hand-over is an act of its actor. */
  readonly cause?: Cause
  readonly deployment?: ReportedDeployment
  readonly requests: readonly ReportedRequest[]
  /** What it was imported from. */
  readonly source?: string
  /** Tickets that are named where persons give reasons; see `TICKET_PATTERN`. */
  readonly tickets: readonly string[]
}

/** One property whose drift was adopted. */
export type ReportedDriftRow = RowSource & {
  readonly record: 'adopted-drift'
  readonly node: NodeId
  readonly property: string
  /** The version that adopted it. */
  readonly version: number
  readonly recorded?: JsonValue
  readonly observed?: JsonValue
  /** What decided that it is adopted. */
  readonly decidedBy: string
  readonly observation: string
  /** It happened after this moment, where the property had been seen before. */
  readonly lastSeenAt?: string
  /** Who changed it, as the provider’s log tells; undefined where nobody has asked it yet. */
  readonly changedBy?: EventData<'DriftAttributed'>['principal']
  readonly activity?: NonNullable<EventData<'DriftAttributed'>['activity']>
  /** Who looked at it, at whatever time; empty: nobody did. */
  readonly reviews: readonly DriftReview[]
}

/** One scan of the providers. */
export type ReportedScan = RowSource & {
  readonly record: 'scan'
} & Pick<
    EventData<'ObservationCompleted'>,
    'observation' | 'scope' | 'startedAt' | 'finishedAt' | 'counts' | 'unseen' | 'unseenCount'
  >

/** Any row of a report. */
export type ReportRow = ReportedChange | ReportedDriftRow | ReportedScan
