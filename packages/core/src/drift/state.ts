import type { Actor } from '../access/actor.ts'
import { nameKey, refKey } from '../cloud/provider-ref.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { EventData, Handlers, LedgerEvent } from '../environment/catalogue.ts'
import type { NodeId } from '../graph/ids.ts'

/** What was decided about one property, and what decided it. */
export type PropertyDecision = Readonly<EventData<'DriftDetected'>['decisions'][number]>

/** Who changed it, and the log entry that says so. */
export type Attribution = Pick<EventData<'DriftAttributed'>, 'principal' | 'activity'>

/** A difference that stands: not adopted, because a request keeps its place, the property is enforced, ignored, or in flight. */
export type OpenDifference = PropertyDecision & {
  readonly observation: string
  /** The node's version that it differs from. */
  readonly version: number
  readonly since: string
  /** When the value was observed, and when the property was last seen as recorded (ISO 8601). */
  readonly observedAt: string
  readonly lastSeenAt: string | undefined
  /** Revision of the event that recorded it: a read that began before says nothing about it. */
  readonly revision: number
  readonly attribution: Attribution | undefined
}

/** Drift whose author is not known yet. */
export type Unattributed = {
  readonly node: NodeId
  readonly version: number
  /** The observation that found it. */
  readonly observation: string
  readonly properties: readonly string[]
  /** The change happened between these moments (ISO 8601); `after` is undefined when the properties were never seen before. */
  readonly after: string | undefined
  readonly before: string
}

/** Drift that was adopted, for the report; older adoptions are in the node's history. */
export type Adoption = {
  readonly node: NodeId
  readonly version: number
  readonly observation: string
  readonly observedAt: string
  readonly decisions: readonly PropertyDecision[]
  /** By property, where it is known. */
  readonly attributions: Map<string, Attribution>
}

/** That somebody looked at drift that was adopted, and what they say it is. */
export type DriftReview = { readonly by: Actor; readonly at: string; readonly comment: string }

/** One finished scan, as far as the report and "when was this node last observed" need it. */
export type Scan = {
  readonly observation: string
  readonly startedAt: string
  readonly startedRevision: number
  readonly finishedAt: string
  readonly scope: EventData<'ObservationCompleted'>['scope']
  readonly counts: EventData<'ObservationCompleted'>['counts']
  readonly unseen: ReadonlySet<NodeId>
  /** Providers, and kinds of them, that could not be seen as a whole: see {@link unseenKey}. */
  readonly unseenKinds: ReadonlySet<string>
  readonly unseenCount: number
  /** More could not be seen than is listed: the scan vouches for no single node. */
  readonly unseenUnlisted: boolean
}

/** What is known of differences between the record and the world. */
export type DriftSlice = {
  readonly open: Map<NodeId, Map<string, OpenDifference>>
  readonly missing: Map<NodeId, { readonly since: string; readonly observation: string }>
  readonly unmanaged: Map<string, { readonly ref: ProviderRef; readonly kind: string; readonly since: string }>
  readonly unattributed: Map<string, Unattributed>
  /** Oldest first, at most {@link ADOPTIONS_KEPT}. */
  readonly adoptions: Map<string, Adoption>
  /** What persons said of drift that was adopted, by {@link adoptedKey}. */
  readonly reviews: Map<string, readonly DriftReview[]>
  /** Newest first, at most {@link SCANS_KEPT}. */
  readonly scans: Scan[]
  /** Activity entries that are recorded already, by {@link activityKey}, oldest first, at most {@link ACTIVITIES_KEPT}. */
  readonly activities: Set<string>
  /** How far the activity log of each target was read, by {@link targetKey}. */
  readonly activityRead: Map<string, string>
}

/** Scans that "last observed" looks back over. */
export const SCANS_KEPT = 256
/** Activity entries remembered so that none is recorded twice. */
export const ACTIVITIES_KEPT = 20_000
/** Adoptions at hand for the report. */
export const ADOPTIONS_KEPT = 1_000

/** Nothing was ever observed. */
export function emptyDrift(): DriftSlice {
  return {
    open: new Map(),
    missing: new Map(),
    unmanaged: new Map(),
    unattributed: new Map(),
    adoptions: new Map(),
    reviews: new Map(),
    scans: [],
    activities: new Set(),
    activityRead: new Map(),
  }
}

/** The key under which a scan remembers that a provider (or one kind of it) could not be seen. */
export function unseenKey(provider: string, kind = '*'): string {
  return `${provider}|${kind}`
}

/** The key of a target, for maps. */
export function targetKey(target: {
  readonly provider: string
  readonly account: string
  readonly region: string
}): string {
  return `${target.provider}|${target.account}|${target.region}`
}

/** Under which an activity entry on a node is remembered: its id is the provider's own, and another provider may give the same. */
export function activityKey(node: NodeId, id: string): string {
  return `${node}|${id}`
}

/** Whether a change in the world is behind a decision, so that somebody made it. */
function wasChanged({ decision, decidedBy }: PropertyDecision): boolean {
  if (decision === 'adopted') return decidedBy !== 'first-reading'
  return decision === 'suppressed' || decision === 'enforced' || decision === 'ignored'
}

const STANDS: ReadonlySet<PropertyDecision['decision']> = new Set(['suppressed', 'enforced', 'ignored', 'in-flight'])

/** What each event does to the slice. */
export const driftHandlers = {
  DriftDetected(slice, event) {
    openAndClose(slice, event)
    awaitAttribution(slice, event)
    rememberAdoption(slice, event)
  },
  NodeVersionRecorded(slice, { data }) {
    const byProperty = slice.open.get(data.node)
    if (byProperty !== undefined) {
      for (const property of [...Object.keys(data.set), ...data.unset]) byProperty.delete(property)
      if (byProperty.size === 0) slice.open.delete(data.node)
    }
    if (data.ref !== undefined) {
      slice.unmanaged.delete(refKey(data.ref))
      slice.unmanaged.delete(nameKey(data.ref))
    }
  },
  NodeRetired(slice, { data }) {
    slice.open.delete(data.node)
    slice.missing.delete(data.node)
  },
  ResourceMissing(slice, { data, metadata }) {
    slice.missing.set(data.node, { since: metadata.recordedAt, observation: data.observation })
  },
  ResourceFound(slice, { data }) {
    slice.missing.delete(data.node)
  },
  UnmanagedResourceDiscovered(slice, { data, metadata }) {
    slice.unmanaged.set(refKey(data.ref), { ref: data.ref, kind: data.kind, since: metadata.recordedAt })
  },
  UnmanagedResourceGone(slice, { data }) {
    slice.unmanaged.delete(refKey(data.ref))
  },
  DriftAttributed(slice, { data }) {
    const { principal, activity, properties, node, version, observation } = data
    if (activity !== undefined) rememberActivity(slice, activityKey(node, activity.id))
    const key = detectionKey(node, version, observation)
    const waiting = slice.unattributed.get(key)
    const left = waiting?.properties.filter((property) => !properties.includes(property)) ?? []
    if (waiting === undefined || left.length === 0) slice.unattributed.delete(key)
    else slice.unattributed.set(key, { ...waiting, properties: left })
    const attribution: Attribution = activity === undefined ? { principal } : { principal, activity }
    for (const property of properties) {
      slice.adoptions.get(key)?.attributions.set(property, attribution)
      const byProperty = slice.open.get(node)
      const standing = byProperty?.get(property)
      const isMeant = standing?.version === version && standing.observation === observation
      if (isMeant) byProperty?.set(property, { ...standing, attribution })
    }
  },
  DriftReviewed(slice, { data, metadata }) {
    const key = adoptedKey(data.node, data.version)
    const review = { by: metadata.actor, at: metadata.recordedAt, comment: data.comment }
    slice.reviews.set(key, [...(slice.reviews.get(key) ?? []), review])
  },
  ActivityObserved(slice, { data }) {
    rememberActivity(slice, activityKey(data.node, data.activity.id))
  },
  ObservationCompleted(slice, { data }) {
    const { unseen } = data
    slice.scans.unshift({
      observation: data.observation,
      startedAt: data.startedAt,
      startedRevision: data.startedRevision,
      finishedAt: data.finishedAt,
      scope: data.scope,
      counts: data.counts,
      unseen: new Set(unseen.flatMap(({ node }) => (node === undefined ? [] : [node]))),
      unseenKinds: new Set(
        unseen.flatMap(({ provider, kind }) => (provider === undefined ? [] : [unseenKey(provider, kind)])),
      ),
      unseenCount: data.unseenCount,
      unseenUnlisted: data.unseenCount > unseen.length,
    })
    slice.scans.splice(SCANS_KEPT)
    for (const read of data.activityRead ?? []) slice.activityRead.set(targetKey(read), read.until)
  },
} satisfies Handlers<DriftSlice>

/** The version by which drift of a node was adopted. */
export function adoptedKey(node: NodeId, version: number): string {
  return `${node}@${version}`
}

/** One node's drift from one observation; a later observation may find another difference from the same version. */
export function detectionKey(node: NodeId, version: number, observation = ''): string {
  return `${node}@${version}|${observation}`
}

function openAndClose(slice: DriftSlice, { data, metadata, revision }: LedgerEvent<'DriftDetected'>): void {
  const byProperty = slice.open.get(data.node) ?? new Map<string, OpenDifference>()
  for (const decision of data.decisions) {
    if (!STANDS.has(decision.decision)) byProperty.delete(decision.property)
    else {
      byProperty.set(decision.property, {
        ...decision,
        observation: data.observation,
        version: data.version,
        since: metadata.recordedAt,
        observedAt: metadata.effectiveAt ?? metadata.recordedAt,
        lastSeenAt: data.lastSeenAt,
        revision,
        attribution: undefined,
      })
    }
  }
  if (byProperty.size > 0) slice.open.set(data.node, byProperty)
  else slice.open.delete(data.node)
}

/** What was adopted waits under the version that records it, what stands open under the version that it differs from. */
function awaitAttribution(slice: DriftSlice, { data, metadata }: LedgerEvent<'DriftDetected'>): void {
  const before = metadata.effectiveAt ?? metadata.recordedAt
  for (const adopted of [true, false]) {
    const changed = data.decisions.filter(
      (decision) => wasChanged(decision) && (decision.decision === 'adopted') === adopted,
    )
    if (changed.length === 0) continue
    const { node, observation } = data
    const version = adopted ? (data.adoptedVersion ?? data.version) : data.version
    const properties = changed.map(({ property }) => property)
    const window = { after: data.lastSeenAt, before }
    slice.unattributed.set(detectionKey(node, version, observation), {
      node,
      version,
      observation,
      properties,
      ...window,
    })
  }
}

function rememberAdoption(slice: DriftSlice, { data, metadata }: LedgerEvent<'DriftDetected'>): void {
  const decisions = data.decisions.filter((decision) => decision.decision === 'adopted' && wasChanged(decision))
  if (decisions.length === 0 || data.adoptedVersion === undefined) return
  const { node, adoptedVersion: version, observation } = data
  const observedAt = metadata.effectiveAt ?? metadata.recordedAt
  slice.adoptions.set(detectionKey(node, version, observation), {
    node,
    version,
    observation,
    observedAt,
    decisions,
    attributions: new Map(),
  })
  if (slice.adoptions.size > ADOPTIONS_KEPT) dropOldest(slice.adoptions)
}

function rememberActivity(slice: DriftSlice, key: string): void {
  slice.activities.add(key)
  if (slice.activities.size > ACTIVITIES_KEPT) dropOldest(slice.activities)
}

function dropOldest(kept: Map<string, unknown> | Set<string>): void {
  for (const oldest of kept.keys()) {
    kept.delete(oldest)
    break
  }
}
