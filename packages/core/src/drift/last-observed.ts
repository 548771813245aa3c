import type { CloudTarget } from '../cloud/cloud-provider.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { isSeenAtProvider } from '../graph/cause.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import type { NodeHistory, NodeVersion } from '../graph/versions.ts'
import { unseenKey } from './state.ts'
import type { Scan } from './state.ts'
import { livesIn } from './target.ts'

type Observable = Pick<EnvironmentState, 'graph' | 'drift' | 'environment'>

/**
 * When a node was last observed (ISO 8601), or `never` (DRIFT 19): by a scan that saw it (the moment the scan began, for no later moment
 * is vouched for), or with a version that a provider's answer is behind. An import is what another tool believed, so it does not count.
 */
export function lastObserved(state: Observable, node: NodeId): string {
  const history = state.graph.nodes.get(node)
  if (history === undefined) return 'never'
  // What no provider serves is nobody's answer, although a deployment recorded it.
  const version = history.versions.findLast(({ cause, ref }) => ref !== undefined && isSeenAtProvider(cause))
  const inVersion = version === undefined ? undefined : momentOf(version)
  return latest(inVersion, lastVouchingScan(state, history)) ?? 'never'
}

/**
 * When these properties of a node were last seen as they are recorded: by a scan, or with the versions that recorded them. A change that
 * is observed now happened after this moment.
 */
export function lastSeen(state: Observable, node: NodeId, properties: readonly string[]): string | undefined {
  const history = state.graph.nodes.get(node)
  if (history === undefined) return undefined
  return latest(lastRecorded(history, properties), lastVouchingScan(state, history))
}

/** The moment of the newest version with which, or after which, all the properties were recorded. */
function lastRecorded(history: NodeHistory, properties: readonly string[]): string | undefined {
  const left = new Set(properties)
  for (const version of history.versions.toReversed()) {
    if (version.cause.type === 'repair') continue
    for (const property of version.changed) left.delete(property)
    if (left.size === 0 || tellsAll(version, history)) return momentOf(version)
  }
  return undefined
}

/** Whether a version comes from reading the whole resource, not from writing some of it. */
function tellsAll({ cause, version, incarnation }: NodeVersion, history: NodeHistory): boolean {
  if (cause.type === 'drift' || cause.type === 'change-request' || cause.type === 'import') return true
  if (cause.type === 'external-deployment') return true
  // Of a history that is not loaded from its beginning the first version cannot be told.
  const first = history.skipped > 0 ? undefined : history.versions.find((one) => one.incarnation === incarnation)
  return first?.version === version
}

/** When the last scan that saw a node began; readings may be recorded in another order than they were taken. */
function lastVouchingScan({ drift, environment, graph }: Observable, history: NodeHistory): string | undefined {
  const newest = graph.nodes.get(history.id)?.versions.at(-1)
  if (newest?.ref === undefined || newest.retired !== undefined) return undefined
  let last: string | undefined
  for (const scan of drift.scans) {
    const mayBeLater = last === undefined || scan.startedAt > last
    if (mayBeLater && vouches(scan, newest, history, environment.clouds)) last = scan.startedAt
  }
  return last
}

/** Whether a scan looked at a node that was known when it began, and saw it. */
function vouches(scan: Scan, newest: NodeVersion, history: NodeHistory, clouds: readonly CloudTarget[]): boolean {
  const first = history.versions.find(({ incarnation }) => incarnation === newest.incarnation)
  const wasKnown = history.skipped > 0 || (first !== undefined && first.revision <= scan.startedRevision)
  if (!wasKnown || scan.unseenUnlisted || scan.unseen.has(history.id) || newest.ref === undefined) return false
  if (scan.scope.type === 'nodes') return scan.scope.nodes.includes(history.id)
  const kind = kindOf(history.id)
  const { kinds, everywhere, targets } = scan.scope
  if (kinds !== undefined && !kinds.includes(kind)) return false
  const { provider } = newest.ref
  if (scan.unseenKinds.has(unseenKey(provider)) || scan.unseenKinds.has(unseenKey(provider, kind))) return false
  return everywhere === true || livesIn(targets, newest.ref, clouds)
}

function momentOf({ effectiveAt, recordedAt }: NodeVersion): string {
  return effectiveAt ?? recordedAt
}

/** The later of two moments. */
function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return Date.parse(a) >= Date.parse(b) ? a : b
}
