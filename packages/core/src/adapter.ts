/**
 * What authors of stores, cloud adapters and importers need beyond the public API: the ports' types, errors, and codecs.
 *
 * @packageDocumentation
 */
export { LedgerError, isLedgerError } from './ledger-error.ts'
export type { ErrorCode, Rejection } from './ledger-error.ts'
export type { CloudRefusal, ConflictWinner, ErrorDetails } from './error-catalogue.ts'
export type { Clock } from './clock.ts'
export { canonicalJson, isJsonArray, jsonEqual } from './json.ts'
export { parseJsonText } from './json-text.ts'
export type { JsonValue, Properties } from './json.ts'
export { GENESIS_HASH } from './event-store/envelope.ts'
export type { EventToAppend, RecordedEvent } from './event-store/envelope.ts'
export { EVENT_LIMITS } from './event-store/event-store.ts'
export type {
  AppendResult,
  EventStore,
  ExpectedRevision,
  ReadAllOptions,
  ReadStreamOptions,
  Snapshot,
  SubscribeOptions,
} from './event-store/event-store.ts'
export { decodeEvent } from './event-store/codec.ts'
export type { DecodedEvent } from './event-store/codec.ts'
export { hashEvent } from './event-store/hash-chain.ts'
export { checkAppend } from './event-store/append-check.ts'
export { decideAppend } from './event-store/append-decision.ts'
export type { AppendDecision, AppendRequest, ExistingEvent, StreamKnowledge } from './event-store/append-decision.ts'
export { changeSignal } from './event-store/change-signal.ts'
export type { ChangeSignal } from './event-store/change-signal.ts'
export { pagedEvents } from './event-store/paged-events.ts'
export type { EventPage } from './event-store/paged-events.ts'
export { checkReadOptions } from './event-store/read-options.ts'
export { activityStreamName, environmentOfStream, environmentStreamName } from './event-store/stream-names.ts'
export { storeClosed } from './event-store/store-closed.ts'
export { subscription } from './event-store/subscription.ts'
export type { SubscriptionPage, SubscriptionSource } from './event-store/subscription.ts'
export { nameKey, providerRefSchema, refKey } from './cloud/provider-ref.ts'
export type { ProviderRef } from './cloud/provider-ref.ts'
export type { ObservationPage, ResourceObservation } from './cloud/observation.ts'
export type {
  CloudProvider,
  CloudTarget,
  CreateRequest,
  KindCapabilities,
  Operation,
  OperationOptions,
  OperationUpdate,
  RemoveRequest,
  SnapshotReceipt,
  SnapshotRequest,
  UpdateRequest,
} from './cloud/cloud-provider.ts'
export type { ActivityEntry, ActivityLog } from './cloud/activity-log.ts'
export type {
  ComputePlatform,
  RollOut,
  RollOutRequest,
  RollOutUpdate,
  RunningImage,
  WorkloadObservation,
  WorkloadPage,
} from './compute/compute-platform.ts'
export { imageDigestSchema, imageReferenceSchema, isPinned, parseImageReference } from './compute/image-reference.ts'
export type { ImageReference } from './compute/image-reference.ts'
export { platformProvider } from './compute/platform-provider.ts'
export type { Authenticator, Identity } from './access/authenticator.ts'
export { hardestImpact } from './graph/impact.ts'
export type { Impact } from './graph/impact.ts'
export { compareSecrets, hmacFingerprinter, isSecretReference, withoutFingerprint } from './graph/secret.ts'
export type { Fingerprinter, SecretReference } from './graph/secret.ts'
export { EXTERNAL_PLAN_LIMITS } from './external-deployments/external-plan.ts'
export type { ExternalAction, ExternalChange, ExternalPlan } from './external-deployments/external-plan.ts'
export type { ImportedGraph, ImportedNode, ImportSource } from './graph/imported-graph.ts'
