import { DECIDED_BY } from '../../drift/decide-property.ts'
import { adoptedKey } from '../../drift/state.ts'
import type { DriftReview } from '../../drift/state.ts'
import type { EventData, LedgerEvent } from '../../environment/catalogue.ts'
import type { NodeId } from '../../graph/ids.ts'
import type { ReportedDriftRow, RowSource } from './rows.ts'

type Attributed = EventData<'DriftAttributed'>

/** What was found out about adopted drift later: who made it, and who looked at it. */
export type DriftFindings = {
  readonly attributions: Map<string, readonly Attributed[]>
  readonly reviews: Map<string, readonly DriftReview[]>
}

export function noFindings(): DriftFindings {
  return { attributions: new Map(), reviews: new Map() }
}

/** Takes an event in, if it says something about drift. */
export function takeFinding({ attributions, reviews }: DriftFindings, environment: string, event: LedgerEvent): void {
  if (event.type === 'DriftAttributed') {
    const key = keyOf(environment, event.data.node, event.data.version)
    attributions.set(key, [...(attributions.get(key) ?? []), event.data])
  } else if (event.type === 'DriftReviewed') {
    const { actor: by, recordedAt: at } = event.metadata
    const key = keyOf(environment, event.data.node, event.data.version)
    reviews.set(key, [...(reviews.get(key) ?? []), { by, at, comment: event.data.comment }])
  }
}

/** A row for each property that was adopted, which somebody changed: what was seen for the first time is no drift. */
export function driftRows(event: LedgerEvent, source: RowSource, findings: DriftFindings): readonly ReportedDriftRow[] {
  if (event.type !== 'DriftDetected') return []
  const { node, observation, decisions, adoptedVersion, lastSeenAt } = event.data
  if (adoptedVersion === undefined) return []
  const key = keyOf(source.environment, node, adoptedVersion)
  const reviews = findings.reviews.get(key) ?? []
  const attributions = findings.attributions.get(key) ?? []
  return decisions
    .filter(({ decision, decidedBy }) => decision === 'adopted' && decidedBy !== DECIDED_BY.firstReading)
    .map(({ property, recorded, observed, decidedBy }) => {
      const known = attributions.findLast(
        (one) =>
          one.properties.includes(property) && (one.observation === undefined || one.observation === observation),
      )
      return {
        record: 'adopted-drift',
        ...source,
        node,
        property,
        version: adoptedVersion,
        ...(recorded === undefined ? {} : { recorded }),
        ...(observed === undefined ? {} : { observed }),
        decidedBy,
        observation,
        ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
        ...(known === undefined ? {} : { changedBy: known.principal }),
        ...(known?.activity === undefined ? {} : { activity: known.activity }),
        reviews,
      }
    })
}

function keyOf(environment: string, node: NodeId, version: number): string {
  return `${environment} ${adoptedKey(node, version)}`
}
