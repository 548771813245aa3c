import type { CloudTarget, Operation, OperationOptions, Properties, ProviderRef } from '@infraledger/core/adapter'

/** A version that an instance can be upgraded to, as RDS says. */
export type UpgradeTarget = { readonly version: string; readonly isMajor: boolean }

/** What is restored: a snapshot by its name, or an instance as it was at a moment (ISO 8601), or `latest`. */
export type RestoreSource =
  | { readonly type: 'snapshot'; readonly name: string }
  | { readonly type: 'point-in-time'; readonly source: ProviderRef; readonly at: string }

/** An instance to be made of a backup. */
export type RestoreRequest = {
  readonly target: CloudTarget
  readonly name: string
  readonly from: RestoreSource
  /**
   * What the new instance is to have of what RDS would reset: the recorded properties of the original. Where an instance is restored to a
   * moment and none is given, those that it has now.
   */
  readonly posture?: Properties
}

/** A read replica to be made. */
export type ReplicaRequest = {
  readonly target: CloudTarget
  readonly name: string
  readonly source: ProviderRef
  /** What it is to have otherwise than its source, such as another tier. */
  readonly properties?: Properties
}

/** A version to upgrade to, and when. Every upgrade interrupts service, so it has to be said that this is known. */
export type UpgradeRequest = {
  readonly ref: ProviderRef
  readonly to: string
  readonly acknowledgeDowntime: boolean
  readonly when: 'now' | 'maintenance-window'
}

/**
 * What one does to a database beyond setting properties. Operations tell their progress, end with what is there, and are resumed by calling
 * again under the same key, in any process. The ledger does not plan them: what they do is found by its next observation.
 */
export interface AwsDatabases {
  /** Where RDS lets an instance be upgraded to, nearest first. */
  upgradeTargets(ref: ProviderRef): Promise<readonly UpgradeTarget[]>
  /** To a later version that RDS offers; never backwards. */
  upgrade(request: UpgradeRequest, options: OperationOptions): Operation
  /** Makes a new instance of a backup, and puts back what keeps it safe. The original stays as it is. */
  restore(request: RestoreRequest, options: OperationOptions): Operation
  createReplica(request: ReplicaRequest, options: OperationOptions): Operation
  /** Gives an instance another name, at once: it restarts, and its address changes with the name. */
  rename(request: { readonly ref: ProviderRef; readonly name: string }, options: OperationOptions): Operation
  /** Has RDS change the password that it keeps in Secrets Manager; whoever connects reads the new one there. */
  rotateMasterPassword(request: { readonly ref: ProviderRef }, options: OperationOptions): Operation
  /** A password for one connection within the next 15 minutes, for a database user with `rds_iam`. A secret: never written down here. */
  authToken(request: { readonly ref: ProviderRef; readonly username: string }): Promise<string>
}
