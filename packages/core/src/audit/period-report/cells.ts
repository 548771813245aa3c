import type { Actor } from '../../access/actor.ts'
import { describeActor } from '../../access/actor.ts'
import { isSecretReference } from '../../graph/secret.ts'
import type { JsonValue } from '../../json.ts'
import { triggerText } from '../timeline-graph-texts.ts'
import type { ReportedChange, ReportedDriftRow, ReportedScan, ReportRow, RowSource } from './rows.ts'

/** A row for people: text by the name of its column. */
export type Cells = Readonly<Record<string, string>>

/** The columns of changes, in order. */
export const CHANGE_COLUMNS = [
  'recorded at',
  'environment',
  'what',
  'subject',
  'change',
  'cause',
  'commit',
  'tickets',
  'triggered by',
  'requesters',
  'reasons',
  'approvers',
  'recorded by',
  'graph version',
  'deployment',
  'event',
] as const

/** The columns of adopted drift, in order. */
export const DRIFT_COLUMNS = [
  'recorded at',
  'environment',
  'subject',
  'change',
  'decided by',
  'last seen before',
  'changed by',
  'reviewers',
  'reviews',
  'event',
] as const

/** The columns of scans, in order. */
export const SCAN_COLUMNS = [
  'recorded at',
  'environment',
  'scope',
  'started at',
  'finished at',
  'seen',
  'not seen',
  'event',
] as const

/** A row as cells. */
export function cellsOf(row: ReportRow): Cells {
  if (row.record === 'change') return { ...sourceCells(row), ...changeCells(row) }
  return row.record === 'scan'
    ? { ...sourceCells(row), ...scanCells(row) }
    : { ...sourceCells(row), ...driftCells(row) }
}

function sourceCells({ at, environment, actor, event }: RowSource): Cells {
  return {
    'recorded at': at,
    environment,
    'recorded by': actorText(actor),
    event: `${event.stream}@${event.revision} ${event.id}`,
  }
}

function changeCells(row: ReportedChange): Cells {
  const { what, subject, version, set, unset, graphVersion, deployment, requests, tickets } = row
  const changed = [
    ...Object.entries(set).map(([property, value]) => `${property} = ${valueCell(value)}`),
    ...unset.map((property) => `${property} unset`),
  ]
  const skipped = deployment?.emergency === undefined ? [] : [`none: emergency (${deployment.emergency})`]
  return {
    what,
    subject: version === undefined ? subject : `${subject} version ${version}`,
    change: changed.join('; '),
    cause: causeText(row),
    commit: deployment?.commit ?? '',
    tickets: tickets.join(' '),
    'triggered by':
      deployment === undefined ? '' : `${actorText(deployment.triggeredBy)}: ${triggerText(deployment.trigger)}`,
    requesters: requests.map(({ requester }) => actorText(requester)).join('; '),
    reasons: requests.map(({ reason }) => reason).join('; '),
    approvers: [
      ...skipped,
      ...(deployment?.approvals ?? []).map(
        ({ by, at, comment }) => `${actorText(by)} at ${at}${comment === undefined ? '' : `: ${comment}`}`,
      ),
    ].join('; '),
    'graph version': graphVersion === undefined ? '' : String(graphVersion),
    deployment: deployment?.id ?? '',
  }
}

function causeText({ cause, source, deployment, what }: ReportedChange): string {
  if (cause === undefined) return what
  if (cause.type === 'import') return source === undefined ? 'import' : `import of ${source}`
  if (cause.type === 'repair') return `repair: ${cause.reason}`
  if (cause.type === 'external-deployment') return `deployment by ${deployment?.tool ?? 'another tool'}`
  if (cause.type === 'drift') return cause.firstReading === true ? 'first reading' : 'drift'
  return cause.type
}

function driftCells(row: ReportedDriftRow): Cells {
  const { node, property, version, recorded, observed, decidedBy, lastSeenAt, changedBy, activity, reviews } = row
  const seen = activity === undefined ? '' : ` (${activity.operation} at ${activity.at})`
  const who =
    changedBy === undefined
      ? 'not asked yet'
      : changedBy === 'unknown'
        ? 'unknown'
        : `${changedBy.type} ${changedBy.id}`
  return {
    subject: `${node} version ${version}`,
    change: `${property}: ${valueCell(recorded)} -> ${valueCell(observed)}`,
    'decided by': decidedBy,
    'last seen before': lastSeenAt ?? 'never',
    'changed by': `${who}${seen}`,
    reviewers: reviews.length === 0 ? 'NOBODY' : reviews.map(({ by, at }) => `${actorText(by)} at ${at}`).join('; '),
    reviews: reviews.map(({ comment }) => comment).join('; '),
  }
}

function scanCells({ scope, startedAt, finishedAt, counts, unseen, unseenCount }: ReportedScan): Cells {
  const targets =
    scope.type === 'nodes'
      ? scope.nodes.join(' ')
      : [
          ...scope.targets.map(({ provider, account, region }) => `${provider} ${account} ${region}`),
          ...(scope.everywhere === true ? ['and wherever else the ledger knows something'] : []),
          ...(scope.kinds === undefined ? [] : [`only ${scope.kinds.join(', ')}`]),
        ].join('; ')
  const more = unseenCount > unseen.length ? [`and ${unseenCount - unseen.length} more`] : []
  const blind = unseen.map(
    ({ node, provider, kind, reason }) => `${node ?? [provider, kind].filter(Boolean).join(' ')}: ${reason}`,
  )
  return {
    scope: targets,
    'started at': startedAt,
    'finished at': finishedAt,
    seen: Object.entries(counts)
      .map(([what, number]) => `${number} ${what}`)
      .join(', '),
    'not seen': unseenCount === 0 ? '0' : [`${unseenCount}`, ...blind, ...more].join('; '),
  }
}

/** A value whole, as JSON; of a secret there is nothing to see. */
function valueCell(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing'
  return isSecretReference(value) ? '(secret)' : JSON.stringify(value)
}

/** An actor as an opaque subject, and whether somebody proved that it was. */
function actorText(actor: Actor): string {
  return actor.assurance === 'authenticated' ? `${describeActor(actor)} (proven)` : describeActor(actor)
}
