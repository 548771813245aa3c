import type { Impact } from '../graph/impact.ts'
import type { Properties } from '../json.ts'
import type { ActivityLog } from './activity-log.ts'
import type { ObservationPage, ResourceObservation } from './observation.ts'
import type { ProviderRef } from './provider-ref.ts'

/** Where an environment lives on a provider. */
export type CloudTarget = { readonly provider: string; readonly account: string; readonly region: string }

/** What a provider can do with a kind, and what each change costs. Undefined for a kind that it does not serve. */
export type KindCapabilities = {
  /** The provider's own type in refs of this kind, such as `rds-instance`. */
  readonly refType: string
  /** What changing a property means for who uses the resource; wins over the kind's own default. */
  readonly impact: { readonly [property: string]: Impact }
  readonly renamable: boolean
  readonly restoreInPlace: boolean
  /**
   * What this version of the provider or its adapter keeps current on resources that we manage, such as a TLS policy: a plan writes it
   * where the record says otherwise and nobody asked for that.
   */
  readonly baseline?: Properties
  /** How the provider can prove a last copy before a removal. */
  readonly lastCopy: 'final-snapshot' | 'emptiness' | 'none'
  /** Rolls images out: goes before providers that only keep a record of such a kind. */
  readonly runsImages?: true
}

/** What an operation yields while it runs. The last one is `completed`; nothing comes after it. */
export type OperationUpdate =
  | { readonly type: 'progress'; readonly status: string }
  | {
      readonly type: 'completed'
      /** The resource read back after the operation; `null` after a removal. */
      readonly observation: ResourceObservation | null
      /** What the provider accepted but put off, with the moment where it is known (ISO 8601). */
      readonly deferred: Properties
      readonly deferredUntil?: string
    }

/** An operation under way. Iterating drives it to its end; it is resumed by calling again with the same idempotency key. */
export type Operation = AsyncIterable<OperationUpdate>

export type OperationOptions = {
  /** Given by the deployment's step. The same key again resumes or answers the same operation; it never does it twice. */
  readonly idempotencyKey: string
  readonly signal?: AbortSignal
}

/**
 * A thing to make.
 *
 * A `grant` comes with neutral `operations` (what the code says it does: `read`, `write`, …), and refs of its `identity` and of what they
 * are on among its dependencies; the adapter renders them into the provider's own terms (statements of an IAM policy, roles of a binding).
 * Operations that it does not know it refuses (`cloud-refused`, naming them and those that it knows) and grants none of them: no right, or a
 * wider one in its place, would be a lie. The same holds for an update. Lists of operations are sets; `expected` is compared so, too.
 * Its other properties (`identity`, `resource`, `service`, `need`) are node ids, for names and labels at most: an observation leaves
 * them out, or tells them as they were given.
 */
export type CreateRequest = {
  readonly target: CloudTarget
  readonly kind: string
  /** The provider's name for it, recorded in the intent: a repeated creation uses the same one. */
  readonly name: string
  readonly properties: Properties
  /** Refs of the resources that it depends on, by their node kind (a database's instance, a subscription's topic). */
  readonly dependencies: readonly { readonly kind: string; readonly ref: ProviderRef }[]
  /** Whose it is in the ledger, for tags that lead a person at the provider back to it. */
  readonly origin?: { readonly environment: string; readonly node: string }
}

export type UpdateRequest = {
  readonly ref: ProviderRef
  readonly kind: string
  readonly changes: Properties
  /** The values that the plan was made on; a provider that finds others refuses without changing anything. */
  readonly expected: Properties
  /** `now`: also what would interrupt service; `maintenance-window`: let the provider wait for its window. */
  readonly when: 'now' | 'maintenance-window'
}

export type RemoveRequest = {
  readonly ref: ProviderRef
  readonly kind: string
  /** Removes the provider's automated backups too: only after their loss was confirmed. */
  readonly removeAutomatedBackups: boolean
}

export type SnapshotRequest = { readonly ref: ProviderRef; readonly kind: string; readonly name: string }

/** A copy that outlives its source. */
export type SnapshotReceipt = { readonly name: string; readonly status: 'available' | 'creating' | 'failed' }

/**
 * A cloud. Calls throw `LedgerError` with `cloud-refused` (nothing happened and the same call will fail again), `cloud-retryable`
 * (nothing happened, later may work) or `cloud-outcome-unknown` (it may have happened: observe before anything else).
 */
export interface CloudProvider {
  /** `aws`, `gcp`, `fake`: equals `provider` in refs and targets. */
  readonly name: string
  /** Who did what there, where the provider records it. */
  readonly activityLog?: ActivityLog
  /** What it can do with a kind of node; undefined for kinds that it does not serve. Answers at once, from what it knows. */
  capabilities(kind: string): KindCapabilities | undefined
  /** Reads these resources in bulk, in pages. */
  observe(refs: readonly ProviderRef[], options?: { readonly signal?: AbortSignal }): AsyncIterable<ObservationPage>
  /** Lists what there is in a target, in pages, also what no node knows. */
  discover(
    target: CloudTarget,
    options?: { readonly kinds?: readonly string[]; readonly signal?: AbortSignal },
  ): AsyncIterable<ObservationPage>
  /** Makes a resource under the name that the request gives; the same key answers for the same one. A taken name is `cloud-refused`. */
  create(request: CreateRequest, options: OperationOptions): Operation
  /** Changes what is asked for and nothing else; where it finds other values than `expected`, it is `cloud-refused` and changes nothing. */
  update(request: UpdateRequest, options: OperationOptions): Operation
  /** Removes the resource of that immutable id; what the provider protects is `cloud-refused`. */
  remove(request: RemoveRequest, options: OperationOptions): Operation
  /** Takes the last copy of a stateful resource; asked again with the same name, it answers for the same copy. */
  snapshot(request: SnapshotRequest, options: OperationOptions): Promise<SnapshotReceipt>
}
