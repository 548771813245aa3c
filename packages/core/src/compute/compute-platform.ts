import type { ActivityLog } from '../cloud/activity-log.ts'
import type { CloudTarget, OperationOptions } from '../cloud/cloud-provider.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { Properties } from '../json.ts'

/** One image that replicas of a workload run. */
export type RunningImage = {
  /** The reference as it was asked for, not as the platform writes it: another spelling would be drift. */
  readonly image: string
  /**
   * What the reference meant when it was pulled, `sha256:…`; `null` where the platform cannot tell. (Kubernetes: `imageID` of the
   * container status; Amazon ECS: `imageDigest` of a task's container; Cloud Run: `imageDigest` of the revision's status.)
   */
  readonly digest: string | null
  readonly replicas: number
  readonly ready: number
}

/** What a platform says of one workload at one moment. */
export type WorkloadObservation = {
  /** With `id` wherever the platform has one that is never given to another (Kubernetes `metadata.uid`). */
  readonly ref: ProviderRef
  /** Node kind, such as `service`. */
  readonly kind: string
  /**
   * `steady`: nothing is being rolled out; `rolling-out`: it is; `stopped-halfway`: the platform gave up, and what runs is what
   * `running` says. A Kubernetes Deployment past `progressDeadlineSeconds` is the last: it is neither finished nor undone by itself
   * (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment). One that the platform undid, as the
   * circuit breaker of Amazon ECS does with `rollback`
   * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-failure-detection.html), is `steady` on the old image.
   */
  readonly state: 'steady' | 'rolling-out' | 'stopped-halfway'
  /** Why it stopped halfway. */
  readonly reason?: string
  /** The images that it runs, each once; one that is scaled to nothing, or runs by schedule, still names its image, with no replicas. */
  readonly running: readonly RunningImage[]
  /** Replicas that it is to have; `null` where the platform scales it by itself. */
  readonly desired: number | null
  /** The other properties of its kind by flat key: `replicas` where it is set, `environment["…"]`, `labels["…"]`, `schedule`… */
  readonly settings: Properties
  /** Maps in `settings` of which every member is told, such as `environment`. */
  readonly completeMaps: readonly string[]
  /** Of the rollout that made it, where the platform keeps it (an annotation, a tag). */
  readonly idempotencyKey?: string
}

/** One page of a bulk read; see `ObservationPage` of the cloud port. */
export type WorkloadPage = {
  readonly found: readonly WorkloadObservation[]
  readonly missing: readonly ProviderRef[]
  readonly failed: readonly { readonly ref?: ProviderRef; readonly reason: string }[]
}

/** What is to be rolled out. */
export type RollOutRequest = {
  /** A new workload and where it is made, or one that is there, with the values (`image` among them) that the plan was made on. */
  readonly workload:
    | { readonly type: 'new'; readonly target: CloudTarget; readonly name: string }
    | { readonly type: 'existing'; readonly ref: ProviderRef; readonly expected: Properties }
  readonly kind: string
  /** Left out: the image stays. */
  readonly image?: string
  /** The settings to change; `null` unsets one. */
  readonly settings: Properties
  /** Refs of what it uses, by their node kind. */
  readonly dependencies: readonly { readonly kind: string; readonly ref: ProviderRef }[]
}

/** What a rollout, or a removal, yields while it runs. `completed` and `failed` come last. */
export type RollOutUpdate =
  | { readonly type: 'progress'; readonly updated: number; readonly ready: number; readonly desired: number }
  /** All replicas run it and are ready; `null` after a removal. */
  | { readonly type: 'completed'; readonly workload: WorkloadObservation | null }
  /** It came to an end that is not what was asked for; `workload` says what runs now, honestly. */
  | { readonly type: 'failed'; readonly workload: WorkloadObservation; readonly reason: string }

/** A rollout under way. Iterating follows it to its end; called again with the same idempotency key, it is the same one. */
export type RollOut = AsyncIterable<RollOutUpdate>

/**
 * What runs images: a cluster, a serverless runtime, machines of one's own. Calls throw as those of a cloud do: `cloud-refused` (nothing
 * happened and the same call will fail again), `cloud-retryable` (nothing happened, later may work), `cloud-outcome-unknown` (it may
 * have happened: observe). A late duplicate of a call does nothing: the same key answers for the same rollout, and one whose `expected`
 * values are no longer there, as `observe` tells them, is refused (Kubernetes: `resourceVersion`; Cloud Run: `etag`).
 */
export interface ComputePlatform {
  /** Unique among clouds and platforms: `provider` in the refs and in the environment's targets. */
  readonly name: string
  /** Kinds of nodes that it runs. */
  readonly kinds: readonly string[]
  /** Who did what there, where the platform records it. */
  readonly activityLog?: ActivityLog
  /** Makes a workload, or changes one; ends with `completed`, or with `failed` and what runs then. */
  rollOut(request: RollOutRequest, options: OperationOptions): RollOut
  /** Reads these workloads in bulk, in pages. */
  observe(refs: readonly ProviderRef[], options?: { readonly signal?: AbortSignal }): AsyncIterable<WorkloadPage>
  /** Lists what there is in a target, in pages, also what no node knows. */
  discover(
    target: CloudTarget,
    options?: { readonly kinds?: readonly string[]; readonly signal?: AbortSignal },
  ): AsyncIterable<WorkloadPage>
  /** Removes the workload of that immutable id, if it is there. */
  remove(request: { readonly ref: ProviderRef; readonly kind: string }, options: OperationOptions): RollOut
}
