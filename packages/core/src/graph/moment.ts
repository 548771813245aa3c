import type { GraphSlice } from './state.ts'
import type { Attribution, EdgeVersion, NodeHistory, NodeVersion } from './versions.ts'

/**
 * When a change took effect in the world (ISO 8601). Where that is exact, `after` equals `before`; else it happened after the one and
 * not later than the other. `after` is undefined where nothing tells since when it may have been so.
 */
export type Moment = { readonly after: string | undefined; readonly before: string }

/** When a version took effect, by its cause alone: drift and imports tell between which moments, everything else tells exactly. */
export function momentOf(graph: GraphSlice, version: NodeVersion | EdgeVersion): Moment {
  const { cause } = version
  const before = version.effectiveAt ?? version.recordedAt
  switch (cause.type) {
    case 'drift':
      return { after: cause.lastSeenAt, before }
    case 'import':
      return { after: (graph.imports.get(cause.import) ?? graph.openImport)?.after, before }
    case 'change-request':
      return { after: undefined, before }
    case 'external-deployment': {
      const imported = cause.import === undefined ? undefined : (graph.imports.get(cause.import) ?? graph.openImport)
      return { after: cause.lastSeenAt ?? imported?.after, before }
    }
    case 'deployment':
    case 'restore':
    case 'repair':
      return { after: before, before }
  }
}

/**
 * When one property of a version took effect: as the activity log tells where it is attributed, else as the version's cause does. Without a
 * property, the version as a whole: when the last of its properties did. Attributions that became known after revision `knownAt` do not count.
 */
export function attributedMoment(
  graph: GraphSlice,
  history: NodeHistory,
  version: NodeVersion,
  property?: string,
  knownAt = Infinity,
): Moment {
  const moment = momentOf(graph, version)
  if (history.attributions.length === 0) return moment
  const properties = property === undefined ? version.changed : [property]
  let latest: string | undefined
  for (const changed of properties.length === 0 ? [undefined] : properties) {
    const at = attributionOf(history, version, changed, knownAt)?.activity?.at
    if (at === undefined) return moment
    if (latest === undefined || Date.parse(at) > Date.parse(latest)) latest = at
  }
  return latest === undefined ? moment : { after: latest, before: latest }
}

/**
 * Who brought a version's change of a property about, as far as it is known; without a property, the version as a whole. What another
 * observation found, or what happened after the version, is about a difference to it that was not adopted, so it does not count.
 */
export function attributionOf(
  history: NodeHistory,
  version: NodeVersion,
  property: string | undefined,
  knownAt = Infinity,
): Attribution | undefined {
  const { cause } = version
  if (cause.type !== 'drift' && cause.type !== 'change-request') return undefined
  const seenAt = Date.parse(version.effectiveAt ?? version.recordedAt)
  return history.attributions.findLast(
    (attribution) =>
      attribution.version === version.version &&
      attribution.revision <= knownAt &&
      (attribution.observation === undefined || attribution.observation === cause.observation) &&
      (property === undefined || attribution.properties.includes(property)) &&
      (attribution.activity === undefined || Date.parse(attribution.activity.at) <= seenAt),
  )
}

/** Whether a change is in effect at a time (in milliseconds): surely, surely not yet, or perhaps. Without a lower bound it is not shown as perhaps. */
export function inEffect(moment: Moment, time: number): 'yes' | 'no' | 'perhaps' {
  if (Date.parse(moment.before) <= time) return 'yes'
  return moment.after !== undefined && Date.parse(moment.after) < time ? 'perhaps' : 'no'
}
