import type { CloudTarget } from './cloud-provider.ts'
import type { ProviderRef } from './provider-ref.ts'

/** One call that somebody made at the provider. */
export type ActivityEntry = {
  /** The provider's id of the entry (CloudTrail `eventID`, Cloud SQL operation name). */
  readonly id: string
  /** ISO 8601. */
  readonly at: string
  readonly ref: ProviderRef
  /** `ModifyDBInstance`, `instances.patch`… */
  readonly operation: string
  /** Who: an opaque subject as the provider names it, and what kind of caller it is. */
  readonly principal: { readonly type: 'user' | 'service' | 'provider'; readonly id: string }
  /** Neutral properties that the call set, where the log tells. */
  readonly properties?: readonly string[]
  /** With what the call was made, as it says of itself (a user agent), and from where, as the provider saw it. */
  readonly tool?: string
  readonly sourceAddress?: string
  /** The provider's code where it refused the call, which then changed nothing. */
  readonly refused?: string
  /** Idempotency key of ours where the log carries one: the call was the ledger's own. */
  readonly idempotencyKey?: string
}

/** Who changed a resource, from the provider's own records (CloudTrail, Cloud SQL operations). */
export interface ActivityLog {
  readonly provider: string
  /** Entries in order of time, from `since` (inclusive, ISO 8601) on. */
  entries(target: CloudTarget, range: { readonly since: string; readonly until: string }): AsyncIterable<ActivityEntry>
}
