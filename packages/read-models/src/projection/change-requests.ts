import type { Properties } from '@infraledger/core'
import type { Row } from '../tables/catalogue.ts'
import type { Projected, Projections } from './projected-event.ts'
import { actorText, momentOrNull, valueText } from './readable.ts'
import type { WorkingSet } from './working-set.ts'

/** What persons wished for, and what became of it. */
export const changeRequestProjections = {
  ChangeRequested(rows, { environment, data, metadata }) {
    rows.put('change_requests', {
      environment,
      request_id: data.request,
      node_id: data.node,
      status: 'pending',
      requested: data.set,
      requested_text: textOf(data.set),
      remaining: Object.keys(data.set),
      reason: data.reason,
      requester: actorText(metadata.actor),
      requested_at: metadata.recordedAt,
      impact: data.impact,
      downtime_acknowledged: data.downtimeAcknowledged,
      when_type: data.when.type,
      not_before: data.when.type === 'not-before' ? momentOrNull(data.when.at) : null,
      base_version: data.baseVersion,
      deployment_ids: [],
      deployment_id: null,
      ended_at: null,
      ended_by: null,
      outcome: null,
    })
  },
  ChangeWithdrawn: (rows, event) => end(rows, event, 'withdrawn', event.data.reason),
  ChangeRejected: (rows, event) => end(rows, event, 'rejected', event.data.reason),
  ChangeApplied(rows, event) {
    const known = requestOf(rows, event)
    if (known === undefined) return
    const { deployment, properties } = event.data
    const ids = new Set([...listOf(known.deployment_ids), deployment])
    settle(rows, event, { ...known, deployment_ids: [...ids], deployment_id: deployment }, properties, 'applied')
  },
  ChangeConverged(rows, event) {
    const known = requestOf(rows, event)
    if (known === undefined) return
    const status = known.deployment_id === null ? 'converged' : 'applied'
    settle(rows, event, known, event.data.properties, status)
  },
} satisfies Projections

type Request = Row<'change_requests'>
type About = Projected<'ChangeWithdrawn' | 'ChangeRejected' | 'ChangeApplied' | 'ChangeConverged'>

function requestOf(rows: WorkingSet, { environment, data }: About): Request | undefined {
  return rows.get('change_requests', [environment, data.request])
}

function settle(rows: WorkingSet, event: About, request: Request, properties: readonly string[], status: string): void {
  const remaining = listOf(request.remaining).filter((property) => !properties.includes(property))
  const isOver = remaining.length === 0
  rows.put('change_requests', { ...request, remaining, ...(isOver ? { status, ...ending(event) } : {}) })
}

function end(rows: WorkingSet, event: About, status: 'withdrawn' | 'rejected', outcome: string): void {
  const known = requestOf(rows, event)
  if (known !== undefined) rows.put('change_requests', { ...known, status, outcome, ...ending(event) })
}

function ending({ metadata }: About): Pick<Request, 'ended_at' | 'ended_by'> {
  return { ended_at: metadata.recordedAt, ended_by: actorText(metadata.actor) }
}

function listOf(value: Request['remaining']): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function textOf(set: Properties): string {
  return Object.entries(set)
    .map(([property, value]) => `${property} = ${valueText(value) ?? ''}`)
    .join(', ')
}
