import type { Row } from '../tables/catalogue.ts'
import { recordApproval, voidApprovals } from './approvals.ts'
import { change, deploymentOf, emptyDeployment, givers } from './deployments.ts'
import type { Projected, Projections } from './projected-event.ts'
import { actorText } from './readable.ts'
import { triggerColumns } from './trigger.ts'
import type { WorkingSet } from './working-set.ts'

const ENDED: ReadonlySet<string> = new Set(['applied', 'rejected', 'withdrawn'])

/** What becomes of plans that other tools carry out. */
export const externalDeploymentProjections = {
  ExternalDeploymentProposed(rows, { environment, revision, data, metadata }) {
    const { approval_requested_at: _, ...empty } = emptyDeployment
    rows.put('deployments', {
      ...empty,
      environment,
      deployment_id: data.deployment,
      tool: data.tool.name,
      status: 'recording',
      commit_id: data.commit,
      ...triggerColumns(data.trigger),
      triggered_by: actorText(metadata.actor),
      triggered_at: metadata.recordedAt,
      plan_digest: data.digest,
      steps: Object.values(data.counts).reduce((sum, some) => sum + some, 0),
      approvals_required: data.required,
      approval_requested_at: data.required > 0 ? metadata.recordedAt : null,
      correlation_id: metadata.correlationId,
      revision,
    })
  },
  ExternalPlanRecorded(rows, event) {
    if (event.data.part === 1) return settle(rows, event, 'waiting-for-approval')
  },
  ExternalDeploymentApproved(rows, event) {
    recordApproval(rows, event, 'approved')
    const known = deploymentOf(rows, event)
    if (known === undefined) return
    const approved_by = [...givers(known), actorText(event.metadata.actor)]
    change(rows, event, { approvals: approved_by.length, approved_by: approved_by.join(', ') })
    settle(rows, event)
  },
  ExternalDeploymentRejected(rows, event) {
    recordApproval(rows, event, 'rejected')
    end(rows, event, 'rejected', event.data.reason)
  },
  ExternalApprovalVoided(rows, event) {
    const { data } = event
    voidApprovals(rows, event, data.deployment, data.reason)
    change(rows, event, { approvals: 0, approved_by: null, is_void: true, void_reason: data.reason })
    settle(rows, event)
  },
  ExternalDeploymentWithdrawn: (rows, event) => end(rows, event, 'withdrawn', event.data.reason),
  ExternalApplyReported: (rows, event) => settle(rows, event, 'partly-applied'),
  ExternalChangeUnapproved: (rows, event) => change(rows, event, { unapproved: true }),
  ExternalDeploymentApplied(rows, event) {
    change(rows, event, { graph_version: event.data.graphVersion })
    end(rows, event, 'applied', null)
  },
} satisfies Projections

/** Something that an external plan announced was seen. */
export function noteCredit(rows: WorkingSet, event: Projected<'NodeVersionRecorded' | 'NodeRetired'>): void {
  const { cause } = event.data
  if (cause.type !== 'external-deployment') return
  settle(rows, { ...event, data: { deployment: cause.deployment } } as About, 'partly-applied')
}

type About = Projected & { readonly data: { readonly deployment: string } }

/** Where it stands now: at `status` where that is further, else by its approvals. */
function settle(rows: WorkingSet, event: About, status?: 'partly-applied' | 'waiting-for-approval'): void {
  const known = deploymentOf(rows, event)
  if (known === undefined || ENDED.has(known.status)) return
  if (known.status === 'recording' && status === undefined) return
  change(rows, event, {
    status: known.status === 'partly-applied' ? known.status : (further(status) ?? byApprovals(known)),
  })
}

function further(status: string | undefined): string | undefined {
  return status === 'partly-applied' ? status : undefined
}

function byApprovals({ approvals, approvals_required, is_void }: Row<'deployments'>): string {
  const isApproved = approvals_required === 0 || (!is_void && approvals >= approvals_required)
  return isApproved ? 'approved' : 'waiting-for-approval'
}

function end(rows: WorkingSet, event: About, status: string, reason: string | null): void {
  change(rows, event, { status, ended_at: event.metadata.recordedAt, reason })
}
