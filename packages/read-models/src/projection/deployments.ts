import type { Row } from '../tables/catalogue.ts'
import { recordApproval, voidApprovals } from './approvals.ts'
import { changeEnvironment } from './environment.ts'
import type { Projected, Projections } from './projected-event.ts'
import { actorText } from './readable.ts'
import { triggerColumns } from './trigger.ts'
import type { WorkingSet } from './working-set.ts'

type Deployment = Row<'deployments'>

/** What becomes of the ledger's own deployments. */
export const deploymentProjections = {
  DeploymentTriggered(rows, event) {
    const { environment, revision, data, metadata } = event
    rows.put('deployments', {
      ...emptyDeployment,
      environment,
      deployment_id: data.deployment,
      commit_id: data.commit,
      ...triggerColumns(data.trigger),
      triggered_by: actorText(metadata.actor),
      triggered_at: metadata.recordedAt,
      emergency: data.emergency !== undefined,
      emergency_reason: data.emergency?.reason ?? null,
      destroys: data.destroys === true,
      runtime_version: data.runtime?.version ?? null,
      base_image: data.runtime?.baseImage ?? null,
      base_image_digest: data.runtime?.baseImageDigest ?? null,
      base_image_pinned: data.runtime?.pinned ?? null,
      correlation_id: metadata.correlationId,
      revision,
    })
    if (data.destroys === true) changeEnvironment(rows, event, { status: 'being-destroyed' })
  },
  PlanComputed(rows, event) {
    const { data } = event
    voidApprovals(rows, event, data.deployment, 'planned anew')
    change(rows, event, {
      status: 'planned',
      plan_digest: data.digest,
      steps: data.steps,
      infrastructure_steps: data.infrastructureSteps,
      request_ids: data.requests,
      approvals: 0,
      approved_by: null,
      approvals_required: 0,
      is_void: false,
    })
  },
  ApprovalRequested: (rows, event) =>
    change(rows, event, {
      status: 'waiting-for-approval',
      approvals_required: event.data.required,
      approval_requested_at: event.metadata.recordedAt,
      is_void: false,
    }),
  DeploymentApproved(rows, event) {
    recordApproval(rows, event, 'approved')
    const known = deploymentOf(rows, event)
    if (known === undefined) return
    const approver = actorText(event.metadata.actor)
    change(rows, event, { approvals: known.approvals + 1, approved_by: [...givers(known), approver].join(', ') })
  },
  DeploymentRejected(rows, event) {
    recordApproval(rows, event, 'rejected')
    end(rows, event, 'rejected', event.data.reason)
  },
  ApprovalVoided(rows, event) {
    const { data } = event
    voidApprovals(rows, event, data.deployment, data.reason, data.expired)
    const known = deploymentOf(rows, event)
    if (known === undefined) return
    const left = givers(known)
    for (const { by } of data.expired ?? [])
      if (left.includes(actorText(by))) left.splice(left.indexOf(actorText(by)), 1)
    const counting =
      data.expired === undefined
        ? { approvals: 0, approved_by: null, is_void: true }
        : { approvals: left.length, approved_by: left.length === 0 ? null : left.join(', ') }
    change(rows, event, { ...counting, void_reason: data.reason })
  },
  DeploymentRevised(rows, event) {
    const revisions = (deploymentOf(rows, event)?.revisions ?? 0) + 1
    change(rows, event, { status: 'triggered', phase: null, approvals_required: 0, revisions, ...noPlan })
  },
  DeploymentReviewed: (rows, event) =>
    change(rows, event, {
      reviewed_at: event.metadata.recordedAt,
      reviewed_by: actorText(event.metadata.actor),
      review_comment: event.data.comment,
    }),
  PhaseStarted: (rows, event) => change(rows, event, { status: 'running', phase: event.data.phase }),
  DeploymentSucceeded(rows, event) {
    change(rows, event, { graph_version: event.data.graphVersion })
    end(rows, event, 'succeeded', null)
  },
  DeploymentFailed: (rows, event) => end(rows, event, 'failed', event.data.reason),
  DeploymentCancelled: (rows, event) => end(rows, event, 'cancelled', event.data.reason),
  DeploymentSuperseded: (rows, event) => end(rows, event, 'superseded', `superseded by ${event.data.by}`),
} satisfies Projections

const noPlan = { plan_digest: null, steps: null, infrastructure_steps: null, request_ids: [] }

/** What a deployment is before anything is known of it but its trigger. */
export const emptyDeployment = {
  tool: 'infraledger',
  status: 'triggered',
  phase: null,
  ended_at: null,
  reason: null,
  ...noPlan,
  approvals_required: 0,
  approvals: 0,
  approved_by: null,
  approval_requested_at: null,
  is_void: false,
  void_reason: null,
  revisions: 0,
  emergency: false,
  emergency_reason: null,
  reviewed_at: null,
  reviewed_by: null,
  review_comment: null,
  destroys: false,
  unapproved: false,
  runtime_version: null,
  base_image: null,
  base_image_digest: null,
  base_image_pinned: null,
  graph_version: null,
} satisfies Partial<Deployment>

type About = Projected & { readonly data: { readonly deployment: string } }

/** The row of the deployment that an event is about. */
export function deploymentOf(rows: WorkingSet, { environment, data }: About): Deployment | undefined {
  return rows.get('deployments', [environment, data.deployment])
}

/** Sets columns of the deployment that an event is about. */
export function change(rows: WorkingSet, event: About, set: Partial<Deployment>): void {
  const known = deploymentOf(rows, event)
  if (known !== undefined) rows.put('deployments', { ...known, ...set })
}

/** Those whose approvals count, in order. */
export function givers({ approved_by }: Pick<Deployment, 'approved_by'>): string[] {
  return approved_by === null ? [] : approved_by.split(', ')
}

function end(rows: WorkingSet, event: About, status: string, reason: string | null): void {
  change(rows, event, { status, ended_at: event.metadata.recordedAt, reason })
  const environment = rows.get('environments', [event.environment])
  if (
    status !== 'succeeded' &&
    environment?.status === 'being-destroyed' &&
    deploymentOf(rows, event)?.destroys === true
  )
    changeEnvironment(rows, event, { status: 'active' })
}
