import type { Properties } from '../json.ts'
import type { ProviderRef } from './provider-ref.ts'

/** What a provider said of one resource at one moment, in neutral properties. */
export type ResourceObservation = {
  readonly ref: ProviderRef
  /** Node kind, such as `sql-instance`. */
  readonly kind: string
  /**
   * The values in force now, by flat key. A property that is left out was not looked at and decides nothing; one that the provider says is
   * unset is `null` or empty. Secret properties hold a `SecretReference`, never the value.
   */
  readonly properties: Properties
  /** Keys in `properties` that are output-only or churn by themselves (endpoints, restorable times): recorded, never compared. */
  readonly volatile: readonly string[]
  /** Maps such as `labels` whose members are all listed: a recorded member that is not here is gone. */
  readonly completeMaps: readonly string[]
  /**
   * Properties that this adapter tells with every reading, as `null` or empty where there is none: one that is not recorded was unset
   * when the resource was last observed, so a value of it is a change and no first reading.
   */
  readonly alwaysTold?: readonly string[]
  /** Values that the provider accepted and has put off (RDS `PendingModifiedValues`). */
  readonly deferred: Properties
  /** The provider's word for the resource's state (`available`, `modifying`, …). */
  readonly status: string
  /** Whether it has reached a state in which its properties are final (not creating, modifying, deleting…). */
  readonly settled: boolean
  /** Why it is of no use, where the provider gave up on it (RDS `failed`): it is there, and a creation that ended so has failed. */
  readonly failure?: string
  /** Name given at creation by us, where the provider keeps it: proves that this resource is the one that an intent named. */
  readonly idempotencyKey?: string
  /**
   * What it was made on, by node kind, where the provider tells. Told of every `grant`: at least its `identity`, for a grant of an identity
   * that we manage is ours to take away (OWN 8).
   */
  readonly dependencies?: readonly { readonly kind: string; readonly ref: ProviderRef }[]
  /** Whether it holds data: asked before kinds whose last copy rule is `must-be-empty` are removed. */
  readonly empty?: boolean
}

/** One page of a bulk read. A ref is in exactly one of the three lists; a partial read says so instead of leaving things out. */
export type ObservationPage = {
  readonly found: readonly ResourceObservation[]
  /** The provider answered that these do not exist. */
  readonly missing: readonly ProviderRef[]
  /** What could not be read: decides nothing (DRIFT 10). `ref` is left out where a whole listing failed. */
  readonly failed: readonly { readonly ref?: ProviderRef; readonly reason: string }[]
}
