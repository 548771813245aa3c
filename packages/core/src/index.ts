/**
 * Infrastructure as a ledger: an append-only, verifiable history of nodes and edges, from which everything else is projected.
 *
 * @packageDocumentation
 */

// Opening a ledger
export { openLedger } from './ledger/open-ledger.ts'
export type { Ledger } from './ledger/open-ledger.ts'
export type { By, LedgerOptions } from './ledger/options.ts'
export type { SnapshotPolicy } from './ledger/snapshot-policy.ts'
export type { LedgerWarning, SnapshotProblem } from './ledger/warning.ts'
export type { ExecutorOptions, RunningExecutor } from './ledger/run-deployments.ts'
export { inMemoryEventStore } from './event-store/in-memory-event-store.ts'
export { systemClock } from './ledger/system-clock.ts'
export type { Clock } from './clock.ts'

// One environment
export type { Environment } from './ledger/environment.ts'
export type { EnvironmentInput } from './environment/commands.ts'
export type { EndingMethods } from './ledger/ending-methods.ts'
export type { DeletionReview, DestructionReview, Obstacle, RemovedNode } from './protection/destruction-review.ts'
export type { ProtectedNode, ProtectedReason } from './protection/protected-nodes.ts'
export type { LeftBehind } from './protection/orphans.ts'
export type { Orphan } from './ledger/orphans.ts'
export type { Ending, LastCopy } from './protection/state.ts'
export type {
  EnvironmentSummary,
  DeletionConfirmationInput,
  PolicyApprovalAnswer,
  PolicyChangeAnswer,
} from './ledger/governance-methods.ts'
export type { Alert, Role } from './environment/slice.ts'
export type { ApprovalPolicy, DriftRule, Policies } from './environment/policies.ts'
export type { PolicyProposal } from './environment/policy-proposal.ts'

// Actors
export { apiClient, pullRequest, system, user } from './access/actor.ts'
export type { Actor } from './access/actor.ts'

// Who may do what
export { rolePolicy } from './access/role-policy.ts'
export type { RolePolicy } from './access/role-policy.ts'
export type { Action, AuthorizationRequest, AuthorizationTarget, Authorizer, Permission } from './access/authorizer.ts'
export type { Authenticator, Identity } from './access/authenticator.ts'
export type { Authorization } from './access/authorization.ts'
export type { AllowedInterval, SubjectAccess } from './access/who-could.ts'
export type { RecordedActivity, WhoCould } from './ledger/access-methods.ts'

// What the code declares, plans and deployments
export { applicationModel } from './application/model.ts'
export type { ApplicationModelInput, NeedInput, ServiceInput } from './application/model-input.ts'
export type { Model } from './application/state.ts'
export type { Declaration } from './application/declaration.ts'
export { api, gitPush, manual } from './deployments/trigger.ts'
export type { Trigger } from './deployments/trigger.ts'
export type { DeploymentInput, PlanPreview } from './ledger/deploying-methods.ts'
export type { Runtime, RuntimeInput } from './deployments/runtime.ts'
export type { Plan, PlanNotice } from './planning/plan.ts'
export type { SeenInput } from './planning/inputs.ts'
export type { PlanSection, Section } from './planning/sections.ts'
export type { Step, StepOrigin } from './planning/step.ts'
export type { DeploymentHandle } from './ledger/deployment-handle.ts'
export type { DeploymentSummary } from './deployments/summary.ts'
export type { Approval, MissingApprovals, MovedInput, Voiding } from './deployments/approval.ts'
export type { DeploymentStatus } from './deployments/deployment.ts'
export type { Phase } from './deployments/phases.ts'
export type { Progress } from './deployments/progress.ts'

// Change requests
export type { ChangeRequestInput, ChangeRequestSummary } from './ledger/change-request-methods.ts'

// Plans that other tools carry out
export type { ExternalDeploymentHandle, ExternalProposal } from './ledger/external-methods.ts'
export type { ExternalPlanChange, ExternalPlanReading } from './external-deployments/describe.ts'
export type { ExternalAction, ExternalChange, ExternalPlan } from './external-deployments/external-plan.ts'
export type { OutstandingChange } from './external-deployments/outstanding.ts'
export type { ExternalDeploymentStatus, ExternalDeploymentSummary } from './external-deployments/summary.ts'

// The graph and its kinds
export { defineKind } from './graph/define-kind.ts'
export type { DefinedKind, KindInput, PropertiesOf, PropertyInput } from './graph/define-kind.ts'
export { standardKinds } from './graph/standard-kinds.ts'
export type { KindProperties } from './graph/standard-kinds.ts'
export type { Kind, LastCopyRule, PropertyDefinition, PropertyOwner } from './graph/kind.ts'
export type { NodeIdOf, NodeProperties } from './graph/kind-properties.ts'
export type { EdgeId, NodeId } from './graph/ids.ts'
export type { EdgeKind } from './graph/edge-kinds.ts'
export type { Impact } from './graph/impact.ts'
export type { Cause } from './graph/cause.ts'
export type { PointInTime } from './graph/resolve-time.ts'
export type { EdgeFilter, GraphJson, GraphView, NodeFilter } from './graph/view.ts'
export type { Effective, GraphEdge, GraphNode } from './graph/node.ts'
export type { ImpactedNode, TraversalOptions } from './graph/traversal.ts'
export type { ChangedBy, EdgeDifference, GraphDiff, NodeDifference, PropertyChange } from './graph/diff.ts'
export type { GraphQuestion, ImportOptions, ImportReport } from './ledger/graph-methods.ts'
export type { ImportedGraph, ImportedNode, ImportSource } from './graph/imported-graph.ts'
export { hmacFingerprinter, withoutFingerprint } from './graph/secret.ts'
export type { Fingerprinter, SecretReference } from './graph/secret.ts'

// Audit
export type { WhyAnswer } from './ledger/audit-methods.ts'
export type { Lineage } from './audit/lineage.ts'
export type { GrantEntry, GrantQuery } from './audit/grants.ts'
export type { HistoryEntry } from './audit/history.ts'
export type { Caused, CausedVersion, CauseQuery } from './audit/caused-by.ts'
export type { EngineVersion, RunningVersions, VersionLineage, WorkloadVersion } from './audit/running-versions.ts'
export type { TimelineEntry } from './audit/timeline.ts'
export type { IntegrityProblem, IntegrityReport } from './audit/verify.ts'

// Integrity that others can check
export type { IntegrityMethods } from './ledger/integrity-methods.ts'
export type { VerifyOptions } from './ledger/verify-ledger.ts'
export type { ReadProgress } from './ledger/each-event.ts'
export { checkpointDigest, parseCheckpoint } from './audit/checkpoint.ts'
export type { Checkpoint, CheckpointHead, CheckpointSignature, CheckpointStatement } from './audit/checkpoint.ts'
export type { CheckpointComparison, CheckpointProblem } from './audit/checkpoint-comparison.ts'
export { continuationProblem } from './audit/checkpoint-continuation.ts'
export { ed25519Signer, keyFingerprint, signedBy } from './audit/checkpoint-signature.ts'
export type { Signer } from './audit/checkpoint-signature.ts'
export type { CheckpointOptions } from './ledger/make-checkpoint.ts'
export { verifyProof } from './audit/event-proof.ts'
export type { EventProof, ProofReport } from './audit/event-proof.ts'
export type { EventReference, ProofOptions } from './ledger/prove-event.ts'

// What happened in a period, as data and as files
export type { ReportOptions } from './ledger/period-report.ts'
export type { PeriodReport } from './audit/period-report/period-report.ts'
export type { ReportedChange, ReportedDriftRow, ReportedScan, ReportRow } from './audit/period-report/rows.ts'
export { reportCsv } from './audit/period-report/csv.ts'
export { reportHtml } from './audit/period-report/html.ts'
export { reportJson } from './audit/period-report/json-lines.ts'
export { TICKET_PATTERN } from './audit/period-report/tickets.ts'

// Drift
export type { DriftReport, ReportedAdoption, ReportedDifference, ReportedGrant } from './drift/report.ts'
export type { Reconciliation } from './drift/tally.ts'
export type { ReconcileScope } from './drift/survey.ts'
export type { RecordedReading } from './cloud/recorded-reading.ts'
export type { ReadingResult } from './ledger/drift-methods.ts'

// Leaving, and what others are told
export { restoreLedger, verifyExport } from './ledger/restore-ledger.ts'
export type { ExportLines, RestoreReport } from './ledger/restore-ledger.ts'
export type { ExportContent } from './ledger/export-reader.ts'
export type { ExportOptions } from './ledger/export-ledger.ts'
export { CHANGE_TYPE_PREFIX } from './ledger/change-feed.ts'
export type { ChangeEvent, ChangeFeedOptions } from './ledger/change-feed.ts'
export type { RaisedAlert } from './ledger/alert-feed.ts'

// Errors and data
export { isLedgerError, LedgerError } from './ledger-error.ts'
export type { ErrorCode } from './ledger-error.ts'
export type { ErrorDetails } from './error-catalogue.ts'
export type { JsonValue, Properties } from './json.ts'

// Telemetry
export { METRICS } from './telemetry/metrics.ts'
export type { Metric, MetricName } from './telemetry/metrics.ts'
export type { Attributes, Span, SpanFailure, SpanOptions, Telemetry, TraceContext } from './telemetry/telemetry.ts'

// Ports
export type { EventStore } from './event-store/event-store.ts'
export type { CloudProvider, CloudTarget } from './cloud/cloud-provider.ts'
export type { ComputePlatform } from './compute/compute-platform.ts'
export { isPinned, parseImageReference } from './compute/image-reference.ts'
export type { ImageReference } from './compute/image-reference.ts'
export type { ActivityEntry, ActivityLog } from './cloud/activity-log.ts'
