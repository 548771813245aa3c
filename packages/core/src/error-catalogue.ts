import type { ResourceObservation } from './cloud/observation.ts'

/**
 * What each error code tells in its `details`. The keys are the public codes (kebab-case, noun first); adding one is a feature,
 * changing one is a breaking change.
 */
export interface ErrorDetails {
  // Input at a border
  'input-invalid': { what: string; issues: readonly { path: string; problem: string }[] }
  'property-value-too-large': { property: string; bytes: number; limitBytes: number }
  'event-too-large': { type: string; bytes: number; limitBytes: number }
  'append-too-large': { events: number; bytes: number; limitEvents: number; limitBytes: number }
  'json-unsupported': { path: string; problem: string }

  // The event store
  'append-conflict': { stream: string; expected: number | 'none'; actual: number | 'none'; winner?: ConflictWinner }
  'event-id-reused': { stream: string; id: string }
  'store-unavailable': { store: string; appended: 'no' | 'unknown' }
  'store-full': { store: string; appended: 'no' }
  'store-closed': { store: string }
  'store-foreign': { store: string; problem: string }
  'store-damaged': { store: string; problem: string }
  'store-newer-than-library': { store: string; version: number; supported: number }
  'ledger-newer-than-library': { environment: string; types: readonly string[] }
  'store-not-empty': { store: string; stream: string; revision: number }
  'ledger-not-intact': { stream: string; revision: number; problem: string; line?: number }
  'checkpoint-untrusted': { reason: 'unsigned' | 'key-unknown' | 'signature-wrong'; keys: readonly string[] }
  'checkpoint-mismatch': { problem: string }
  'event-not-found': { event: string; problem: string }

  // Read models
  'read-models-unavailable': { readModels: string }
  'read-models-foreign': { readModels: string; problem: string }
  'read-models-outdated': { readModels: string; version: number; expected: number }
  'read-models-newer-than-library': { readModels: string; version: number; supported: number }
  'read-models-of-another-ledger': { readModels: string; stream: string; revision: number; problem: string }

  // Environments, policies, alerts
  'environment-not-found': { environment: string; closest: readonly string[] }
  'environment-exists': { environment: string }
  'proposal-not-found': { proposal: string; closest: readonly string[] }
  'proposal-not-open': { proposal: string; status: string }
  'alert-not-found': { alert: string }

  // Who may do what
  'role-required': { role: string; subject: string; action: string }
  'permission-denied': { action: string; subject: string; policy: string; reason?: string }
  'authorizer-failed': { action: string; subject: string; problem: string }
  'person-required': { action: string; actor: string }
  'requester-or-admin-required': { request: string; requester: string; subject: string }
  /** Who triggered, requested or proposed it may not judge it; `target` is the deployment or proposal. */
  'four-eyes-required': { target: string; subject: string; because: string }
  'last-admin': { subject: string }

  // Identities
  'actor-not-authenticated': { subject: string }
  'identity-expired': { subject: string; expiredAt: string }
  'authentication-required': { environment: string; action: string; subject: string }
  'authenticator-missing': { action: string }
  'authenticator-failed': { problem: string }
  'authenticator-unavailable': { issuer: string; problem: string }
  'credential-invalid': {
    reason:
      | 'malformed'
      | 'too-large'
      | 'algorithm'
      | 'key'
      | 'signature'
      | 'issuer'
      | 'audience'
      | 'expired'
      | 'not-yet-valid'
      | 'claims'
    problem: string
  }

  // Kinds and the graph
  'kind-unknown': { kind: string; closest: readonly string[] }
  'kind-exists': { kind: string }
  'property-unknown': { kind: string; property: string; closest: readonly string[] }
  'property-invalid': { kind: string; property: string; problem: string }
  'node-not-found': { node: string; closest: readonly string[] }
  'node-retired': { node: string; graphVersion: number }
  'node-observed': { node: string; action: string }
  'node-managed': { node: string }
  'edge-end-missing': { edge: string; missing: string }
  'cycle-found': { cycle: readonly string[] }
  'graph-version-not-found': { at: string; latest: number }
  'lineage-missing': { what: string }

  // Imports
  /** `changes` grows while a process is at it; `lineage` tells which later state may take it over. */
  'import-in-progress': { import: string; source: string; lineage: string; changes: number }
  'import-older-than-known': { lineage: string; serial: number; known: number }
  'import-unsupported': { source: string; problem: string }

  // Needs
  'need-not-found': { need: string; closest: readonly string[] }
  'need-kind-mismatch': { need: string; resource: string; expected: readonly string[] }

  // Drift
  'drift-not-found': { node: string; version: number }

  // Change requests
  'property-not-changeable': { node: string; property: string; owner: string }
  'replacement-required': { node: string; property: string; workflow: string }
  'change-unneeded': { node: string; properties: readonly string[] }
  'change-conflicting': { node: string; property: string; request: string; requester: string }
  'change-shrinks': { node: string; property: string; recorded: number; requested: number }
  'downtime-not-acknowledged': { node: string; properties: readonly string[]; impact: string }
  'change-not-found': { request: string }
  'change-not-pending': { request: string; status: string }
  'change-being-applied': { request: string; deployment: string }

  // Models and plans
  'model-missing': { action: string }
  'binding-required': { needs: readonly { need: string; candidates: readonly string[] }[] }
  'grant-contradictory': { grant: string; service: string; need: string }
  'plan-digest-mismatch': { deployment: string; expected: string; given: string }
  /** An input of the plan moved; it is planned again. `moved` names what, and by whom. */
  'plan-void': { deployment: string; digest: string; moved: readonly string[] }

  // Deployments
  'trigger-user-missing': { trigger: string }
  'deployment-not-found': { deployment: string; closest: readonly string[] }
  'deployment-not-waiting': { deployment: string; status: string }
  'deployment-not-active': { deployment: string; status: string }
  'deployment-ended': { deployment: string; status: string }
  /** Another executor drives it, and its lease has not run out. */
  'deployment-claimed': { deployment: string; executor: string; leaseMs: number }
  /** The executor does not hold the deployment any more; it leaves it alone from here on. */
  'executor-lost-claim': { deployment: string; executor: string; holder: string | undefined }
  'deployment-in-progress': { deployment: string; status: string }
  'deployment-failed': { deployment: string; step?: string; reason: string }
  'review-unneeded': { deployment: string }

  // External deployments
  'external-deployment-not-found': { deployment: string; closest: readonly string[] }
  'external-deployment-ended': { deployment: string; status: string }
  'external-deployment-conflicting': { deployment: string; proposedBy: string; addresses: readonly string[] }
  'external-plan-empty': { plan: string; digest: string }
  'external-plan-stale': { deployment: string; moved: readonly string[]; movements: number }
  'external-resources-unknown': { plan: string; addresses: readonly string[]; count: number }

  // Protection
  'confirmation-refused': {
    node: string
    reason: 'in-use' | 'usage-unknown' | 'not-stateful' | 'observed' | 'loss-not-acknowledged'
    usedBy: readonly string[]
  }
  'removal-refused': { node: string; reason: string }
  /** `protected` are the first ones of `total`. */
  'environment-protected': {
    environment: string
    total: number
    protected: readonly { node: string; reasons: readonly string[]; why: string }[]
  }
  'environment-being-destroyed': { environment: string; deployment: string; action: string }
  'environment-destroyed': { environment: string; action: string }
  'environment-deleted': { environment: string; action: string }
  'challenge-mismatch': { environment: string; action: string }
  'challenge-stale': { environment: string; action: string; given: number; current: number }

  // Clouds and platforms
  'cloud-not-configured': { provider: string }
  /** `refusal` says what kind it is, where the adapter knows; `permission` which right is missing (`rds:ModifyDBInstance`). */
  'cloud-refused': { provider: string; operation: string; reason: string; refusal?: CloudRefusal; permission?: string }
  'cloud-retryable': { provider: string; operation: string; reason: string; retryAfterMs?: number }
  /** A rollout stopped halfway; `observation` is what runs now. */
  'roll-out-incomplete': { provider: string; operation: string; reason: string; observation: ResourceObservation }
  'cloud-outcome-unknown': { provider: string; operation: string; reason: string }
}

/** Why a cloud refuses, as far as callers may want to act on it. */
export type CloudRefusal =
  /** Missing, wrong or expired. */
  | 'credentials-invalid'
  /** The credentials are those of another account than the environment's. */
  | 'account-mismatch'
  | 'permission-missing'
  | 'quota-exceeded'
  | 'name-taken'
  | 'not-found'
  /** Deletion protection, or another lock that only a person opens. */
  | 'protected'
  /** Other values are there than the caller expected. */
  | 'values-moved'
  /** The provider or its adapter does not do that. */
  | 'unsupported'

/** The event that won an append conflict: what was written, on which node, and by whom. */
export interface ConflictWinner {
  readonly type: string
  readonly revision: number
  readonly actor: string
  readonly node?: string
}
