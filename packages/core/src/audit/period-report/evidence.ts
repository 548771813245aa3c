import type { Actor } from '../../access/actor.ts'
import { isSameActor } from '../../access/actor.ts'
import type { LedgerEvent, EventType } from '../../environment/catalogue.ts'
import type { ReportedDeployment, ReportedRequest } from './rows.ts'

type Given = ReportedDeployment['approvals'][number] & { readonly digest: string }

/** A deployment as far as reports need it; `texts` is where tickets may be named. */
export type KnownDeployment = Omit<ReportedDeployment, 'approvals'> & {
  approvals: readonly Given[]
  readonly texts: readonly string[]
}

/** What is known of the causes of changes in one environment, at the event that was taken last. */
export type Evidence = {
  readonly deployments: Map<string, KnownDeployment>
  readonly requests: Map<string, ReportedRequest & { readonly texts: readonly string[] }>
  /** What imports read, and why they may be known elsewhere. */
  readonly imports: Map<string, { readonly source: string; readonly texts: readonly string[] }>
}

export function noEvidence(): Evidence {
  return { deployments: new Map(), requests: new Map(), imports: new Map() }
}

type Take<T extends EventType> = (evidence: Evidence, event: LedgerEvent<T>) => void

/**
 * How each event adds to what is known of causes. A report is made of the events themselves, never of snapshots, which nobody vouches for; of
 * each deployment, request and import it keeps a few fields.
 */
const taking = {
  DeploymentTriggered(evidence, { data, metadata }) {
    const { deployment: id, commit, trigger, emergency } = data
    const skipped = emergency === undefined ? {} : { emergency: emergency.reason }
    const texts = [
      metadata.correlationId,
      ...triggerTexts(trigger),
      ...(emergency === undefined ? [] : [emergency.reason]),
    ]
    evidence.deployments.set(id, { id, commit, trigger, triggeredBy: metadata.actor, ...skipped, approvals: [], texts })
  },
  PlanComputed: (evidence, { data }) =>
    keepApprovals(evidence, data.deployment, ({ digest }) => digest === data.digest),
  DeploymentApproved: (evidence, { data, metadata }) => approve(evidence, data, metadata),
  ApprovalVoided(evidence, { data: { deployment, expired } }) {
    const isGone = ({ by, at }: { readonly by: Actor; readonly at: string }): boolean =>
      expired === undefined || expired.some((one) => one.at === at && isSameActor(one.by, by))
    keepApprovals(evidence, deployment, (approval) => !isGone(approval))
  },
  ChangeRequested(evidence, { data, metadata }) {
    const { request: id, reason } = data
    evidence.requests.set(id, { id, requester: metadata.actor, reason, texts: [metadata.correlationId, reason] })
  },
  ExternalDeploymentProposed(evidence, { data, metadata }) {
    const { deployment: id, commit, trigger, tool, plan } = data
    const texts = [metadata.correlationId, plan, ...triggerTexts(trigger)]
    const known = { id, commit, trigger, triggeredBy: metadata.actor, tool: tool.name }
    evidence.deployments.set(id, { ...known, approvals: [], texts })
  },
  ExternalDeploymentApproved: (evidence, { data, metadata }) => approve(evidence, data, metadata),
  ExternalApprovalVoided: (evidence, { data }) => keepApprovals(evidence, data.deployment, () => false),
  ImportStarted(evidence, { data, metadata }) {
    evidence.imports.set(data.import, { source: sourceText(data.source), texts: [metadata.correlationId] })
  },
} satisfies { readonly [T in EventType]?: Take<T> }

/** The types of events that tell of causes. */
export const EVIDENCE_TYPES: readonly EventType[] = Object.keys(taking).filter(isTaken)

/** Takes an event in, if it tells of a cause. */
export function takeEvidence(evidence: Evidence, event: LedgerEvent): void {
  if (!isTaken(event.type)) return
  // The table pairs each type with what takes it.
  const take = taking[event.type] as Take<EventType>
  take(evidence, event)
}

function isTaken(type: string): type is keyof typeof taking {
  return type in taking
}

function approve(
  evidence: Evidence,
  {
    deployment,
    digest,
    comment,
  }: { readonly deployment: string; readonly digest: string; readonly comment?: string | undefined },
  { actor: by, recordedAt: at }: LedgerEvent['metadata'],
): void {
  const known = evidence.deployments.get(deployment)
  if (known === undefined) return
  known.approvals = [...known.approvals, { by, at, digest, comment }]
}

function keepApprovals(evidence: Evidence, deployment: string, isKept: (approval: Given) => boolean): void {
  const known = evidence.deployments.get(deployment)
  if (known !== undefined) known.approvals = known.approvals.filter(isKept)
}

function triggerTexts(trigger: KnownDeployment['trigger']): readonly string[] {
  if (trigger.type === 'git-push') return [trigger.ref]
  return trigger.type === 'system' ? [trigger.reason] : []
}

function sourceText({ name, serial }: { readonly name: string; readonly serial?: number | undefined }): string {
  return serial === undefined ? name : `${name} (serial ${serial})`
}
