import type { Actor } from '../access/actor.ts'
import type { EventData, Handlers } from '../environment/catalogue.ts'
import type { NodeId } from '../graph/ids.ts'
import type { RecordedChange } from './external-plan.ts'
import { isApproved } from './approval.ts'
import { addChanges, end, forgetOldRejections } from './fold.ts'
import { noteRetirement, noteVersion } from './movements.ts'

/** A change of an external plan, and whether it was seen to be done. */
export type ChangeState = {
  readonly change: RecordedChange
  /** The node that it is about; of a creation, once that is known. */
  node: NodeId
  /** Something of it was seen: that it came, went, was replaced, moved or changed. Values of properties are told by comparing. */
  seen: boolean
}

/** What moved under a plan that waited. */
export type Movement = Readonly<EventData<'ExternalApprovalVoided'>['moved'][number]>

/** A plan that another tool carries out, and what became of it. */
export type ExternalDeployment = Readonly<Omit<EventData<'ExternalDeploymentProposed'>, 'deployment'>> & {
  readonly id: string
  readonly proposedAt: string
  readonly proposedBy: Actor
  /** Revision of its proposal: its plan is read again from there. */
  readonly revision: number
  status: 'recording' | 'open' | 'applied' | 'rejected' | 'withdrawn'
  recordedParts: number
  /** By address; let go when it has ended, for the events have them. */
  readonly changes: Map<string, ChangeState>
  approvals: {
    readonly by: Actor
    readonly at: string
    readonly digest: string
    readonly comment: string | undefined
  }[]
  /** Why its approvals count no longer. */
  voided: string | undefined
  /** The first of what moved under it before it was applied, and how much did. */
  readonly moved: Movement[]
  movements: number
  /** Versions that have it as their cause. */
  credited: number
  /** Whether it was approved when the first of what it announced was seen, or told; undefined before that. */
  approvedWhenApplied: boolean | undefined
  unapproved: boolean
  reported: { readonly at: string; readonly by: Actor } | undefined
  endedAt: string | undefined
  /** Why it was rejected or withdrawn. */
  reason: string | undefined
}

/** Where something is announced: which deployment, and at which address of its plan. */
export type Announcement = { readonly deployment: string; readonly address: string }

/** What is known of external deployments. */
export type ExternalDeploymentsSlice = {
  readonly deployments: Map<string, ExternalDeployment>
  /** What is announced about a node that is there, oldest first. */
  readonly byNode: Map<NodeId, readonly Announcement[]>
  /** What is announced to come to an address. */
  readonly byAddress: Map<string, readonly Announcement[]>
}

/** No external deployment yet. */
export function emptyExternalDeployments(): ExternalDeploymentsSlice {
  return { deployments: new Map(), byNode: new Map(), byAddress: new Map() }
}

/** What each event does to the slice. */
export const externalDeploymentHandlers = {
  ExternalDeploymentProposed(slice, { data, metadata, revision }) {
    const { deployment: id, ...proposed } = data
    // A proposal that was interrupted and begins anew.
    end(slice, id, 'withdrawn', metadata.recordedAt, undefined)
    slice.deployments.set(id, {
      ...proposed,
      id,
      proposedAt: metadata.recordedAt,
      proposedBy: metadata.actor,
      revision,
      status: 'recording',
      recordedParts: 0,
      changes: new Map(),
      approvals: [],
      voided: undefined,
      moved: [],
      movements: 0,
      credited: 0,
      approvedWhenApplied: undefined,
      unapproved: false,
      reported: undefined,
      endedAt: undefined,
      reason: undefined,
    })
  },
  ExternalPlanRecorded(slice, { data }) {
    const deployment = slice.deployments.get(data.deployment)
    if (deployment === undefined || data.part !== deployment.recordedParts + 1) return
    addChanges(slice, deployment, data.changes)
    deployment.recordedParts = data.part
    if (data.part === deployment.parts) deployment.status = 'open'
  },
  ExternalDeploymentApproved(slice, { data, metadata }) {
    const { digest, comment } = data
    slice.deployments
      .get(data.deployment)
      ?.approvals.push({ by: metadata.actor, at: metadata.recordedAt, digest, comment })
  },
  ExternalDeploymentRejected(slice, { data, metadata }) {
    end(slice, data.deployment, 'rejected', metadata.recordedAt, data.reason)
    forgetOldRejections(slice)
  },
  ExternalApprovalVoided(slice, { data }) {
    const deployment = slice.deployments.get(data.deployment)
    if (deployment !== undefined) deployment.voided = data.reason
  },
  ExternalDeploymentWithdrawn(slice, { data, metadata }) {
    end(slice, data.deployment, 'withdrawn', metadata.recordedAt, data.reason)
  },
  ExternalApplyReported(slice, { data, metadata }) {
    const deployment = slice.deployments.get(data.deployment)
    if (deployment === undefined) return
    deployment.approvedWhenApplied ??= isApproved(deployment)
    deployment.reported ??= { at: data.at, by: metadata.actor }
  },
  ExternalChangeUnapproved(slice, { data }) {
    const deployment = slice.deployments.get(data.deployment)
    if (deployment !== undefined) deployment.unapproved = true
  },
  ExternalDeploymentApplied(slice, { data, metadata }) {
    end(slice, data.deployment, 'applied', metadata.recordedAt, undefined)
  },
  NodeVersionRecorded(slice, event) {
    noteVersion(slice, event)
  },
  NodeRetired(slice, event) {
    noteRetirement(slice, event)
  },
} satisfies Handlers<ExternalDeploymentsSlice>
