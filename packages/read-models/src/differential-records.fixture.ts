import type { Environment } from '@infraledger/core'
import { expect } from 'vitest'
import { canonical, sorted } from './contents.fixture.ts'
import type { Contents } from './contents.fixture.ts'

/** Deployments of the tables against those of the library. */
export async function compareDeployments({ deployments, approvals }: Contents, prod: Environment): Promise<void> {
  const own = await prod.deployments()
  expect(
    sorted(
      deployments.filter(({ tool }) => tool === 'infraledger'),
      ({ deployment_id: id }) => id,
    ).map((row) => ({
      id: row.deployment_id,
      status: row.status,
      commit: row.commit_id,
      by: row.triggered_by,
      endedAt: row.ended_at,
      digest: row.plan_digest,
      requests: row.request_ids,
      required: row.approvals_required,
      approvals: row.approved_by?.split(', ') ?? [],
      count: row.approvals,
      isVoid: row.is_void,
      revisions: row.revisions,
      emergency: row.emergency_reason,
      reviewer: row.reviewed_by,
      graphVersion: row.graph_version,
      reason: row.reason,
    })),
  ).toEqual(
    sorted(own, ({ id }) => id).map((deployment) => ({
      id: deployment.id,
      status: deployment.status,
      commit: deployment.commit,
      by: `${deployment.triggeredBy.type} ${deployment.triggeredBy.id}`,
      endedAt: deployment.endedAt ?? null,
      digest: deployment.planDigest ?? null,
      requests: deployment.requests,
      required: deployment.requiredApprovals,
      approvals: deployment.approvals.map(({ by }) => `${by.type} ${by.id}`),
      count: deployment.approvals.length,
      isVoid: deployment.isVoid,
      revisions: deployment.revisions,
      emergency: deployment.emergency?.reason ?? null,
      reviewer:
        deployment.emergency?.review === undefined
          ? null
          : `${deployment.emergency.review.by.type} ${deployment.emergency.review.by.id}`,
      graphVersion: deployment.graphVersion ?? null,
      reason: deployment.reason ?? null,
    })),
  )
  const counting = Map.groupBy(
    approvals.filter(({ counts }) => counts),
    ({ deployment_id: id }) => id,
  )
  for (const { id, approvals: given } of own)
    expect((counting.get(id) ?? []).map(({ approver }) => approver)).toEqual(
      given.map(({ by }) => `${by.type} ${by.id}`),
    )
}

/** Plans of other tools, as the tables have them, against those of the library. */
export async function compareExternal({ deployments }: Contents, prod: Environment): Promise<void> {
  const external = await prod.externalDeployments()
  expect(
    sorted(
      deployments.filter(({ tool }) => tool !== 'infraledger'),
      ({ deployment_id: id }) => id,
    ).map((row) => [row.deployment_id, row.tool, row.status, row.commit_id, row.unapproved, row.ended_at]),
  ).toEqual(
    sorted(external, ({ id }) => id).map((one) => [
      one.id,
      one.tool.name,
      one.status,
      one.commit,
      one.unapproved,
      one.endedAt ?? null,
    ]),
  )
}

/** Requests of the tables against those of the library. */
export async function compareRequests({ change_requests }: Contents, prod: Environment): Promise<void> {
  expect(
    sorted(change_requests, ({ request_id: id }) => id).map((row) => ({
      id: row.request_id,
      node: row.node_id,
      status: row.status,
      set: row.requested,
      requester: row.requester,
      reason: row.reason,
    })),
  ).toEqual(
    sorted(await prod.requests(), ({ request }) => request).map((request) => ({
      id: request.request,
      node: request.node,
      status: request.status,
      set: request.set,
      requester: `${request.requester.type} ${request.requester.id}`,
      reason: request.reason,
    })),
  )
}

/** Drift of the tables against those of the library. */
export async function compareDrift({ drift, scans }: Contents, prod: Environment): Promise<void> {
  const report = await prod.drift()
  const open = drift.filter(({ is_open }) => is_open)
  const texts = (rows: readonly unknown[]): string[] =>
    sorted(
      rows.map((row) => JSON.stringify(row)),
      (text) => text,
    )
  const differences = open.filter(({ type, decision }) => type === 'difference' && decision !== 'in-flight')
  expect(
    texts(
      differences.map((row) => [
        row.node_id,
        row.property,
        row.decision,
        canonical(row.observed_value),
        row.version,
        row.detected_at,
      ]),
    ),
  ).toEqual(
    texts(
      report.open.map((one) => [one.node, one.property, one.decision, canonical(one.observed), one.version, one.since]),
    ),
  )
  expect(texts(open.filter(({ type }) => type === 'missing').map((row) => [row.node_id, row.detected_at]))).toEqual(
    texts(report.missing.map(({ node, since }) => [node, since])),
  )
  const unmanaged = texts(
    open.filter(({ type }) => type === 'unmanaged').map((row) => [row.resource_name, row.detected_at]),
  )
  // The report leaves out what has become known under its name since.
  expect(unmanaged).toEqual(expect.arrayContaining(texts(report.unmanaged.map(({ ref, since }) => [ref.name, since]))))
  const adopted = drift.filter(({ decision, decided_by }) => decision === 'adopted' && decided_by !== 'first-reading')
  expect(
    texts(adopted.map((row) => [row.node_id, row.version, row.property, row.observation_id, row.attributed_to])),
  ).toEqual(
    texts(
      report.adopted.map(({ node, version, property, observation, attribution }) => {
        const who = attribution?.principal
        const by = who === undefined ? null : who === 'unknown' ? who : `${who.type} ${who.id}`
        return [node, version, property, observation, by]
      }),
    ),
  )
  const last = scans.toSorted((a, b) => a.revision - b.revision).at(-1)
  expect(last?.observation_id).toBe(report.lastScan?.observation)
}

/** Alerts of the tables against those of the library. */
export async function compareAlerts({ alerts }: Contents, prod: Environment): Promise<void> {
  expect(
    sorted(alerts, ({ alert_id: id }) => id).map((row) => [row.alert_id, row.reason, row.message, row.acknowledged_at]),
  ).toEqual(
    sorted(await prod.alerts(), ({ alert }) => alert).map((alert) => [
      alert.alert,
      alert.reason,
      alert.message,
      alert.acknowledged?.at ?? null,
    ]),
  )
}
