import type { EnvironmentState } from '../environment/state.ts'
import { answered } from '../graph/answer.ts'
import type { Answer } from '../graph/answer.ts'
import { closest } from '../graph/closest.ts'
import type { NodeId } from '../graph/ids.ts'
import { didYouMean } from '../graph/kind-catalogue.ts'
import { attributedMoment } from '../graph/moment.ts'
import { effectiveSince } from '../graph/node.ts'
import type { LastObserved } from '../graph/node.ts'
import { nodeNotFound } from '../graph/not-found.ts'
import { indexAt } from '../graph/versions.ts'
import type { NodeHistory } from '../graph/versions.ts'
import { reject } from '../ledger-error.ts'
import { behind, openMatters } from './lineage.ts'
import type { Lineage, OpenMatters } from './lineage.ts'
import { lastPlace, propertyIndex } from './property-index.ts'

/** Why something is as it is, and what about it is not settled. */
export type Why = Lineage & {
  readonly open: OpenMatters
  /** When the node was last observed (ISO 8601), or `never` (DRIFT 19). */
  readonly lastObservedAt: string
  /** Of a node asked about as a whole: where its present incarnation comes from. */
  readonly created?: Lineage
  /** Of a property whose node is no more: why. */
  readonly gone?: Lineage
}

/** At which graph version to look (default: the latest), and how to tell when a node was last observed. */
export type WhyOptions = { readonly at?: number; readonly lastObserved: LastObserved }

/**
 * Why a property of a node has the value it has: the version that gave it, followed back to deployment, commit, requests and persons.
 * Without a property: why the node is as it is, by its newest version, and where it comes from. Refuses with `node-not-found` or
 * `property-unknown`. Asks an index of the node's versions, so it does not depend on how many there are.
 */
export function why(
  state: EnvironmentState,
  node: NodeId,
  property: string | undefined,
  options: WhyOptions,
): Answer<Why> {
  const history = state.graph.nodes.get(node)
  const limit = history === undefined ? -1 : indexAt(history.versions, options.at ?? state.graph.version)
  if (history === undefined || (limit < 0 && history.skipped === 0))
    return { type: 'rejected', rejection: nodeNotFound(state.graph, node) }
  if (limit < 0) return { type: 'not-loaded' }

  const { byProperty, beginnings } = propertyIndex(history)
  const begin = lastPlace(beginnings, limit) ?? 0
  if (property !== undefined) {
    const changed = lastPlace(byProperty.get(property) ?? [], limit)
    // What lies before what is loaded may have set it, and held the value before.
    if (history.skipped > 0 && (changed ?? 0) === 0) return { type: 'not-loaded' }
    if (changed === undefined)
      return { type: 'rejected', rejection: propertyUnknown(history, byProperty.keys(), property) }
    // A property of an earlier incarnation went with that: the beginning of the present one says why.
    const found = complete(state, lineageAt(state, history, Math.max(changed, begin), property), options)
    const isGone = history.versions[limit]?.retired !== undefined
    return answered(isGone ? { ...found, gone: lineageAt(state, history, limit, undefined) } : found)
  }
  if (history.skipped > 0) return { type: 'not-loaded' }
  const whole = complete(state, lineageAt(state, history, limit, undefined), options)
  return answered(begin === limit ? whole : { ...whole, created: lineageAt(state, history, begin, undefined) })
}

function complete(state: EnvironmentState, lineage: Lineage, { lastObserved }: WhyOptions): Why {
  return {
    ...lineage,
    open: openMatters(state, lineage.node, lineage.property),
    lastObservedAt: lastObserved(lineage.node),
  }
}

function lineageAt(
  state: EnvironmentState,
  history: NodeHistory,
  place: number,
  property: string | undefined,
): Lineage {
  const version = history.versions[place]
  if (version === undefined) throw new Error(`${history.id} has no version at place ${place}`)
  const [value, previous] =
    property === undefined ? [] : [version.properties[property], history.versions[place - 1]?.properties[property]]
  const { incarnation, graphVersion, recordedAt, cause, actor, retired } = version
  return {
    node: history.id,
    ...(property === undefined ? {} : { property }),
    ...(value === undefined ? {} : { value }),
    ...(previous === undefined ? {} : { previous }),
    version: version.version,
    incarnation,
    ...(retired === undefined ? {} : { retired }),
    graphVersion,
    recordedAt,
    effective: effectiveSince(attributedMoment(state.graph, history, version, property)),
    cause,
    actor,
    ...behind(state, history, version, property),
  }
}

function propertyUnknown(
  { id, kind }: NodeHistory,
  properties: Iterable<string>,
  property: string,
): ReturnType<typeof reject> {
  const near = closest(property, properties)
  return reject('property-unknown', `${id} has never had a property "${property}"${didYouMean(near)}`, {
    kind,
    property,
    closest: near,
  })
}
