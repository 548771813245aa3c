import { isExtraGrant } from '../application/grant-id.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion, isManaged, nodeByRef } from '../graph/state.ts'
import type { JsonValue } from '../json.ts'
import { lastObserved } from './last-observed.ts'
import { adoptedKey } from './state.ts'
import type { Attribution, DriftReview, OpenDifference, PropertyDecision, Scan } from './state.ts'

/** How an environment differs from its record now, and what drifted of late. Everything in it is data, in a stable order. */
export type DriftReport = {
  readonly environment: string
  readonly lastScan: Pick<Scan, 'observation' | 'startedAt' | 'finishedAt' | 'counts' | 'unseenCount'> | undefined
  /** Differences that stand: suppressed by a request, enforced, or ignored. */
  readonly open: readonly ReportedDifference[]
  readonly missing: readonly { readonly node: NodeId; readonly since: string; readonly lastObserved: string }[]
  readonly unmanaged: readonly { readonly ref: ProviderRef; readonly kind: string; readonly since: string }[]
  /** Grants that somebody gave identities of ours: the next plan removes them (OWN 8). */
  readonly extraGrants: readonly ReportedGrant[]
  /** What was adopted of late, newest first. */
  readonly adopted: readonly ReportedAdoption[]
  /** What a provider has accepted and put off. */
  readonly inFlight: readonly ReportedDeferral[]
  /** Nodes with a provider's handle that no scan ever saw. */
  readonly neverObserved: readonly NodeId[]
}

/** A difference that stands, and when its node was last looked at (ISO 8601, or `never`). */
export type ReportedDifference = OpenDifference & { readonly node: NodeId; readonly lastObserved: string }

/** A grant that follows from nothing, and who made it, where that is known. */
export type ReportedGrant = {
  readonly node: NodeId
  readonly name: string
  readonly operations: JsonValue
  readonly since: string
  readonly attribution: Attribution | undefined
}

/** One property of a version that adopted drift; `attribution` is left undefined until it is looked up, or for good where there is no log. */
export type ReportedAdoption = PropertyDecision & {
  readonly node: NodeId
  readonly version: number
  readonly observation: string
  readonly observedAt: string
  readonly attribution: Attribution | undefined
  /** Who looked at it since, and what they said. */
  readonly reviews: readonly DriftReview[]
}

/** A value that a provider accepted and put off; `until` is when it comes into force, where that is known. */
export type ReportedDeferral = {
  readonly node: NodeId
  readonly property: string
  readonly value: JsonValue
  readonly deployment: string
  readonly until: string | undefined
}

/** Reads the drift of an environment off its state. */
export function driftReport(state: EnvironmentState): DriftReport {
  const { drift, graph, environment } = state
  return {
    environment: environment.name,
    lastScan: lastScan(drift.scans[0]),
    open: openDifferences(state),
    missing: [...drift.missing]
      .map(([node, { since }]) => ({ node, since, lastObserved: lastObserved(state, node) }))
      .toSorted(byNode),
    // A resource may have become known under its name since it was reported.
    unmanaged: [...drift.unmanaged.values()].filter(({ ref }) => nodeByRef(graph, ref) === undefined),
    extraGrants: extraGrants(state),
    adopted: adoptions(state),
    inFlight: deferrals(state),
    neverObserved: [...graph.nodes.keys()]
      .filter((node) => aliveVersion(graph, node)?.ref !== undefined && lastObserved(state, node) === 'never')
      .toSorted(),
  }
}

function openDifferences(state: EnvironmentState): readonly ReportedDifference[] {
  return [...state.drift.open]
    .flatMap(([node, differences]) => {
      const seen = lastObserved(state, node)
      const standing = [...differences.values()].filter(({ decision }) => decision !== 'in-flight')
      return standing.map((difference) => ({ ...difference, node, lastObserved: seen }))
    })
    .toSorted(byNode)
}

function extraGrants({ graph }: EnvironmentState): readonly ReportedGrant[] {
  return [...graph.nodes.values()]
    .flatMap(({ id: node, attributions }) => {
      const version = isExtraGrant(node) && isManaged(graph, node) ? aliveVersion(graph, node) : undefined
      if (version === undefined) return []
      const { ref, properties, recordedAt: since } = version
      const found = attributions.at(-1)
      const attribution = found === undefined ? undefined : attributionOf(found)
      return [{ node, name: ref?.name ?? node, operations: properties['operations'] ?? [], since, attribution }]
    })
    .toSorted(byNode)
}

function attributionOf({ principal, activity }: Attribution): Attribution {
  return activity === undefined ? { principal } : { principal, activity }
}

function adoptions({ drift }: EnvironmentState): readonly ReportedAdoption[] {
  return [...drift.adoptions.values()].toReversed().flatMap(({ decisions, attributions, ...adoption }) => {
    const reviews = drift.reviews.get(adoptedKey(adoption.node, adoption.version)) ?? []
    return decisions.map((decision) => {
      const attribution = attributions.get(decision.property)
      return { ...adoption, ...decision, attribution, reviews }
    })
  })
}

function deferrals({ deployments }: EnvironmentState): readonly ReportedDeferral[] {
  return [...deployments.deferred]
    .flatMap(([node, byProperty]) =>
      [...byProperty].map(([property, { value, deployment, until }]) => ({ node, property, value, deployment, until })),
    )
    .toSorted(byNode)
}

function lastScan(scan: Scan | undefined): DriftReport['lastScan'] {
  if (scan === undefined) return undefined
  const { observation, startedAt, finishedAt, counts, unseenCount } = scan
  return { observation, startedAt, finishedAt, counts, unseenCount }
}

function byNode(a: { readonly node: NodeId }, b: { readonly node: NodeId }): number {
  return a.node < b.node ? -1 : Number(a.node > b.node)
}
