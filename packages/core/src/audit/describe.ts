import { describeActor } from '../access/actor.ts'
import type { Actor } from '../access/actor.ts'
import type { Lineage, OpenMatters } from './lineage.ts'
import { triggerText } from './timeline-graph-texts.ts'
import { valueText } from './value-text.ts'
import type { Why } from './why.ts'

/**
 * A lineage for people, on several lines.
 *
 * @example
 * backup.retentionDays of sql-instance/main is 14 (was 7)
 *   since 2026-01-05T09:00:09.000Z (graph version 3, version 2 of the node)
 *   by deployment d-1 of commit 4f2a, triggered by a push of grace to main
 *   asked for by user ada in request r-1: audit
 */
export function describeLineage(why: Why): string {
  const { created, gone, lastObservedAt } = why
  return [
    headline(why),
    `  since ${sinceText(why)} (graph version ${why.graphVersion}, version ${why.version} of the node)`,
    ...causeLines(why).map((line) => `  ${line}`),
    ...(gone === undefined
      ? []
      : [
          `  the node is no more since graph version ${gone.graphVersion} (${gone.retired}), ${causeLines(gone)[0] ?? ''}`,
        ]),
    ...(created === undefined
      ? []
      : [`  there since graph version ${created.graphVersion}, ${causeLines(created)[0] ?? ''}`]),
    ...openLines(why.open).map((line) => `  ${line}`),
    `  last observed: ${lastObservedAt}`,
  ].join('\n')
}

/** What is behind a version, a line each: what did it, who asked for it, who approved it. */
function causeLines(
  lineage: Pick<Lineage, 'cause' | 'actor' | 'deployment' | 'requests' | 'drift' | 'import' | 'externalDeployment'>,
): readonly string[] {
  const { deployment, requests, externalDeployment } = lineage
  return [
    whatDidIt(lineage),
    ...requests.map(({ id, requester, reason }) => `asked for by ${actorText(requester)} in request ${id}: ${reason}`),
    ...(deployment?.approvals ?? externalDeployment?.approvals ?? []).map(
      ({ by, comment }) => `approved by ${actorText(by)}${comment === undefined ? '' : `: ${comment}`}`,
    ),
    ...(externalDeployment?.unapproved === true ? ['without the approval that was required'] : []),
    ...(deployment?.runtime === undefined
      ? []
      : [
          `runtime ${deployment.runtime.version} on ${deployment.runtime.baseImage}${deployment.runtime.pinned ? ' (pinned)' : ''}`,
        ]),
  ]
}

/** An actor, and who proved the identity where somebody has. */
function actorText(actor: Actor): string {
  return actor.issuer === undefined
    ? describeActor(actor)
    : `${describeActor(actor)} (authenticated by ${actor.issuer})`
}

function whatDidIt({
  cause,
  actor,
  deployment,
  drift,
  import: imported,
  externalDeployment: external,
}: Parameters<typeof causeLines>[0]): string {
  switch (cause.type) {
    case 'deployment': {
      if (deployment === undefined) return `by deployment ${cause.deployment}`
      return `by deployment ${deployment.id} of commit ${deployment.commit}, triggered by ${triggerText(deployment.trigger)}`
    }
    case 'change-request':
      return `found to be as request ${cause.request} asked, without a call of ours`
    case 'drift':
      return cause.firstReading === true
        ? 'seen for the first time then; who made it so is not known'
        : `changed outside by ${authorText(drift)}`
    case 'import':
      return imported === undefined
        ? `by import ${cause.import}`
        : `imported from ${imported.source.name} by ${describeActor(actor)}`
    case 'external-deployment':
      return external === undefined
        ? `by external deployment ${cause.deployment}`
        : `by ${external.tool.name} with ${external.plan}, external deployment ${external.id} of commit ${external.commit}, triggered by ${triggerText(external.trigger)}`
    case 'restore':
      return `by restore ${cause.restore}`
    case 'repair':
      return `by ${describeActor(actor)}: ${cause.reason}`
  }
}

function authorText(drift: Lineage['drift']): string {
  if (drift === undefined || drift.attribution === 'unknown') return 'somebody unknown'
  if (drift.attribution === 'pending') return 'somebody; the activity log has not told yet'
  const { type, id } = drift.attribution
  return `${type} ${id}${drift.activity === undefined ? '' : ` (${drift.activity.operation} at ${drift.activity.at})`}`
}

function headline({ node, property, value, previous, version, retired }: Lineage): string {
  if (retired !== undefined) return `${node} is no more (${retired})`
  if (property === undefined) return `${node} is at version ${version}`
  const was = previous === undefined ? '' : ` (was ${valueText(previous)})`
  return value === undefined
    ? `${property} of ${node} is not set${was}`
    : `${property} of ${node} is ${valueText(value)}${was}`
}

function sinceText({ effective }: Lineage): string {
  if (effective.certain || effective.between === undefined) return effective.from
  const { after, before } = effective.between
  return after === undefined ? `${before} at the latest` : `some moment between ${after} and ${before}`
}

function openLines({ differences, requests, deferred }: OpenMatters): readonly string[] {
  return [
    ...differences.map(
      ({ property, observed, decision, decidedBy }) =>
        `but ${property} was observed as ${valueText(observed)}: ${decision} (${decidedBy})`,
    ),
    ...requests.map(
      ({ id, requester, properties, reason }) =>
        `request ${id} of ${describeActor(requester)} waits (${properties.join(', ')}): ${reason}`,
    ),
    ...deferred.map(
      ({ property, value, until }) =>
        `${property} = ${valueText(value)} is put off by the provider${until === undefined ? '' : ` until ${until}`}`,
    ),
  ]
}
