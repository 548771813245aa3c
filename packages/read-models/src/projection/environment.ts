import type { Policies } from '@infraledger/core'
import type { Row } from '../tables/catalogue.ts'
import type { Projected, Projections } from './projected-event.ts'
import { actorText } from './readable.ts'
import type { WorkingSet } from './working-set.ts'

/** Sets columns of the row of the event's environment. */
export function changeEnvironment(
  rows: WorkingSet,
  { environment }: Pick<Projected, 'environment'>,
  set: Partial<Row<'environments'>>,
): void {
  const known = rows.get('environments', [environment])
  if (known !== undefined) rows.put('environments', { ...known, ...set })
}

/** What becomes of an environment, its roles and alerts, and what was refused in it. */
export const environmentProjections = {
  EnvironmentCreated(rows, { environment, data, metadata }) {
    rows.put('environments', {
      environment,
      type: data.type,
      status: 'active',
      created_at: metadata.recordedAt,
      created_by: actorText(metadata.actor),
      ended_at: null,
      ended_by: null,
      graph_version: 0,
      ...policyColumns(data.policies),
      clouds: data.clouds,
      open_import_id: null,
    })
  },
  EnvironmentPoliciesChanged: (rows, event) => changeEnvironment(rows, event, policyColumns(event.data.policies)),
  DestructionConfirmed: (rows, event) => changeEnvironment(rows, event, { status: 'being-destroyed' }),
  EnvironmentDestroyed: (rows, event) => endEnvironment(rows, event, 'destroyed'),
  EnvironmentDeleted: (rows, event) => endEnvironment(rows, event, 'deleted'),
  RoleGranted(rows, { environment, revision, data, metadata }) {
    rows.put('role_grants', {
      environment,
      revision,
      subject: data.subject,
      role: data.role,
      granted_at: metadata.recordedAt,
      granted_by: actorText(metadata.actor),
      revoked_at: null,
      revoked_by: null,
    })
  },
  RoleRevoked(rows, { environment, revision, data, metadata }) {
    rows.update({
      table: 'role_grants',
      set: { revoked_at: metadata.recordedAt, revoked_by: actorText(metadata.actor) },
      where: { environment, subject: data.subject, role: data.role, revoked_at: null, revision: { below: revision } },
    })
  },
  AlertRaised(rows, { environment, data, metadata }) {
    rows.put('alerts', {
      environment,
      alert_id: data.alert,
      reason: data.reason,
      severity: data.severity,
      message: data.message,
      node_id: data.node ?? null,
      property: data.property ?? null,
      raised_at: metadata.recordedAt,
      raised_by: actorText(metadata.actor),
      acknowledged_at: null,
      acknowledged_by: null,
      comment: null,
    })
  },
  AlertAcknowledged(rows, { environment, data, metadata }) {
    rows.patch('alerts', {
      environment,
      alert_id: data.alert,
      acknowledged_at: metadata.recordedAt,
      acknowledged_by: actorText(metadata.actor),
      comment: data.comment ?? null,
    })
  },
  CommandRefused(rows, { environment, revision, data, metadata }) {
    rows.put('refusals', {
      environment,
      revision,
      refused_at: metadata.recordedAt,
      actor: actorText(metadata.actor),
      action: data.action,
      code: data.code,
      target_type: data.target?.type ?? null,
      target_id: data.target?.id ?? null,
    })
  },
} satisfies Projections

function policyColumns(policies: Policies): Pick<Row<'environments'>, 'approvals_required' | 'four_eyes' | 'policies'> {
  const { approvals } = policies
  // The policies are what an event held, so they are JSON.
  return {
    approvals_required: approvals.required,
    four_eyes: approvals.fourEyes === true,
    policies: policies as unknown as Row<'environments'>['policies'],
  }
}

function endEnvironment(
  rows: WorkingSet,
  event: Projected<'EnvironmentDestroyed' | 'EnvironmentDeleted'>,
  status: 'destroyed' | 'deleted',
): void {
  const { actor, recordedAt } = event.metadata
  changeEnvironment(rows, event, { status, ended_at: recordedAt, ended_by: actorText(actor) })
}
