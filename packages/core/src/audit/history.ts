import type { Actor } from '../access/actor.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { answered } from '../graph/answer.ts'
import type { Answer } from '../graph/answer.ts'
import type { Cause } from '../graph/cause.ts'
import type { Change } from '../graph/diff.ts'
import type { NodeId } from '../graph/ids.ts'
import { attributedMoment } from '../graph/moment.ts'
import { effectiveSince } from '../graph/node.ts'
import type { Effective } from '../graph/node.ts'
import { nodeNotFound } from '../graph/not-found.ts'
import type { NodeHistory, NodeVersion } from '../graph/versions.ts'
import { jsonEqual } from '../json.ts'
import type { JsonValue } from '../json.ts'
import { behind } from './lineage.ts'
import type { Lineage } from './lineage.ts'

/** One version of a node: what it changed, why, and because of whom. */
export type HistoryEntry = Pick<Lineage, 'deployment' | 'requests' | 'drift' | 'import' | 'externalDeployment'> & {
  /** `recreated`: under the same id again, after it had been retired. */
  readonly type: 'created' | 'changed' | 'retired' | 'recreated'
  readonly version: number
  readonly incarnation: number
  readonly graphVersion: number
  readonly recordedAt: string
  readonly effective: Effective
  readonly changes: readonly (Change<JsonValue> & { readonly property: string })[]
  readonly retired?: NonNullable<NodeVersion['retired']>
  readonly cause: Cause
  readonly actor: Actor
}

/** All versions of a node that are visible, oldest first. Refuses with `node-not-found`. */
export function nodeHistory(state: EnvironmentState, node: NodeId): Answer<readonly HistoryEntry[]> {
  const history = state.graph.nodes.get(node)
  const visible = history?.versions.filter(({ graphVersion }) => graphVersion <= state.graph.version) ?? []
  if (history === undefined || (visible.length === 0 && history.skipped === 0))
    return { type: 'rejected', rejection: nodeNotFound(state.graph, node) }
  if (history.skipped > 0) return { type: 'not-loaded' }
  return answered(visible.map((version, index) => entryOf(state, history, version, visible[index - 1])))
}

function entryOf(
  state: EnvironmentState,
  history: NodeHistory,
  version: NodeVersion,
  before: NodeVersion | undefined,
): HistoryEntry {
  const { incarnation, graphVersion, recordedAt, cause, actor, retired } = version
  return {
    type: typeOf(version, before),
    version: version.version,
    incarnation,
    graphVersion,
    recordedAt,
    effective: effectiveSince(attributedMoment(state.graph, history, version)),
    changes: retired === undefined ? changesOf(version, before?.retired === undefined ? before : undefined) : [],
    ...(retired === undefined ? {} : { retired }),
    cause,
    actor,
    ...behind(state, history, version, undefined),
  }
}

function typeOf(version: NodeVersion, before: NodeVersion | undefined): HistoryEntry['type'] {
  if (version.retired !== undefined) return 'retired'
  if (before === undefined) return 'created'
  return before.retired === undefined ? 'changed' : 'recreated'
}

function changesOf(version: NodeVersion, before: NodeVersion | undefined): HistoryEntry['changes'] {
  return version.changed.flatMap((property) => {
    const [from, to] = [before?.properties[property], version.properties[property]]
    return jsonEqual(from, to)
      ? []
      : [{ property, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }]
  })
}
