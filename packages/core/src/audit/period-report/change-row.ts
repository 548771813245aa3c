import type { EventType, LedgerEvent } from '../../environment/catalogue.ts'
import type { Cause } from '../../graph/cause.ts'
import { importOf } from '../../graph/cause.ts'
import type { Evidence, KnownDeployment } from './evidence.ts'
import type { ReportedChange, ReportedDeployment, RowSource } from './rows.ts'

/** The types of events that change the graph. */
export const CHANGE_TYPES = [
  'NodeVersionRecorded',
  'NodeRetired',
  'EdgeVersionRecorded',
  'EdgeRetired',
  'NodeManaged',
] as const satisfies readonly EventType[]

type Change = Pick<ReportedChange, 'what' | 'subject' | 'version' | 'set' | 'unset' | 'cause'>

/** The row of an event that changed the graph, with what is behind it; undefined for any other event. */
export function changeRow(
  event: LedgerEvent,
  source: RowSource,
  evidence: Evidence,
  ticketsIn: (texts: readonly string[]) => readonly string[],
): ReportedChange | undefined {
  const change = changeOf(event)
  if (change === undefined) return undefined
  const { cause } = change
  const { graphVersion, correlationId } = event.metadata
  const deployment = deploymentOf(cause, evidence)
  const requests = requestsOf(cause).flatMap((id) => evidence.requests.get(id) ?? [])
  const imported = cause === undefined ? undefined : evidence.imports.get(importOf(cause) ?? '')
  const texts = [
    correlationId,
    ...(deployment?.texts ?? []),
    ...requests.flatMap((request) => request.texts),
    ...(imported?.texts ?? []),
    ...reasonsOf(event),
  ]
  return {
    record: 'change',
    ...source,
    ...change,
    ...(graphVersion === undefined ? {} : { graphVersion }),
    ...(deployment === undefined ? {} : { deployment: toldOf(deployment) }),
    requests: requests.map(({ id, requester, reason }) => ({ id, requester, reason })),
    ...(imported === undefined ? {} : { source: imported.source }),
    tickets: ticketsIn(texts),
  }
}

function changeOf(event: LedgerEvent): Change | undefined {
  switch (event.type) {
    case 'NodeVersionRecorded': {
      const { node: subject, version, set, unset, cause } = event.data
      return { what: version === 1 ? 'created' : 'changed', subject, version, set, unset, cause }
    }
    case 'NodeRetired': {
      const { node: subject, version, cause } = event.data
      return { what: 'retired', subject, version, set: {}, unset: [], cause }
    }
    case 'EdgeVersionRecorded': {
      const { edge: subject, version, attributes, cause } = event.data
      return { what: 'connected', subject, version, set: attributes, unset: [], cause }
    }
    case 'EdgeRetired': {
      const { edge: subject, version, cause } = event.data
      return { what: 'disconnected', subject, version, set: {}, unset: [], cause }
    }
    case 'NodeManaged':
      return { what: 'handed over', subject: event.data.node, set: {}, unset: [] }
    default:
      return undefined
  }
}

function deploymentOf(cause: Cause | undefined, { deployments }: Evidence): KnownDeployment | undefined {
  return cause?.type === 'deployment' || cause?.type === 'external-deployment'
    ? deployments.get(cause.deployment)
    : undefined
}

function requestsOf(cause: Cause | undefined): readonly string[] {
  if (cause?.type === 'deployment') return cause.requests
  return cause?.type === 'change-request' ? [cause.request] : []
}

function reasonsOf(event: LedgerEvent): readonly string[] {
  if (event.type === 'NodeManaged') return [event.data.reason]
  return 'cause' in event.data && event.data.cause.type === 'repair' ? [event.data.cause.reason] : []
}

/** What a report tells of a deployment; the texts are for finding tickets in. */
function toldOf({ id, commit, trigger, triggeredBy, tool, emergency, approvals }: KnownDeployment): ReportedDeployment {
  return {
    id,
    commit,
    trigger,
    triggeredBy,
    ...(tool === undefined ? {} : { tool }),
    ...(emergency === undefined ? {} : { emergency }),
    approvals: approvals.map(({ by, at, comment }) => ({ by, at, comment })),
  }
}
