import { createHash } from 'node:crypto'
import type { Snapshot } from '../event-store/event-store.ts'
import { loadedGraph, savedGraph } from '../graph/saved-graph.ts'
import type { SavedGraph } from '../graph/saved-graph.ts'
import { fromText, toText } from './state-text.ts'
import { FOLD_VERSION } from './state.ts'
import type { EnvironmentState } from './state.ts'

/** Version of the text that a snapshot is kept as: its header, and how the state below it is written. */
const SCHEMA_VERSION = 2

/** Where a state stands in its stream: the revision and hash of the last event that is in it. */
export type SnapshotPlace = Pick<Snapshot, 'stream' | 'revision' | 'hash'>

/** What a kept snapshot turned out to be: a state to go on from, or nothing that this version can use. */
export type OpenedSnapshot =
  | { readonly type: 'opened'; readonly state: EnvironmentState }
  | { readonly type: 'unusable'; readonly reason: 'other-version' | 'damaged' }

/** The snapshot of a state. Undefined while an import is open, for half of a graph version is not a state. */
export function takeSnapshot(place: SnapshotPlace, state: EnvironmentState): Snapshot | undefined {
  const saved = saveState(state)
  if (saved === undefined) return undefined
  const { stream, revision, hash } = place
  const snapshot = { stream, revision, hash, foldVersion: FOLD_VERSION }
  return { ...snapshot, state: header(digestOf(snapshot, saved)) + saved + END }
}

/**
 * Opens a kept snapshot if it is whole and of this version. Its digest covers the state and where it stands, so damage and careless
 * edits are noticed; whoever can write to the store can also make a digest, and only a replay (`snapshots: 'off'`) trusts nobody.
 */
export function openSnapshot(snapshot: Snapshot): OpenedSnapshot {
  if (snapshot.foldVersion !== FOLD_VERSION) return { type: 'unusable', reason: 'other-version' }
  const [head, schemaVersion, digest] = HEADER.exec(snapshot.state) ?? []
  if (head === undefined || !snapshot.state.endsWith(END)) return { type: 'unusable', reason: 'damaged' }
  if (Number(schemaVersion) !== SCHEMA_VERSION) return { type: 'unusable', reason: 'other-version' }
  const saved = snapshot.state.slice(head.length, -END.length)
  if (digestOf(snapshot, saved) !== digest) return { type: 'unusable', reason: 'damaged' }
  try {
    return { type: 'opened', state: loadState(saved) }
  } catch {
    // Its digest is right and its content is not: made by hand, or by a defect. The events tell the same, and more surely.
    return { type: 'unusable', reason: 'damaged' }
  }
}

const HEADER = /^\{"schemaVersion":(\d{1,9}),"sha256":"([0-9a-f]{64})","state":/
const header = (digest: string): string => `{"schemaVersion":${SCHEMA_VERSION},"sha256":"${digest}","state":`
const END = '}'

function digestOf({ stream, revision, hash, foldVersion }: Omit<Snapshot, 'state'>, saved: string): string {
  const place = JSON.stringify([stream, revision, hash, foldVersion])
  return createHash('sha256').update(place).update(saved).digest('hex')
}

/**
 * The current state as JSON text: every slice whole, and of the graph the newest versions only, so that its size follows what is there
 * and not what has been. Undefined while an import is open.
 */
export function saveState(state: EnvironmentState): string | undefined {
  if (state.graph.openImport !== undefined) return undefined
  const { graph, ...slices } = state
  return JSON.stringify({ slices: toText(slices), graph: savedGraph(graph) })
}

/**
 * The state of a text made by {@link saveState} with the same `FOLD_VERSION`. It decides as the saved one did; of its past it can answer
 * from `graph.firstVersion` on (see `isLoaded`).
 */
export function loadState(text: string): EnvironmentState {
  // What saveState wrote is of this shape: the fold's version says that it was written by the same fold.
  const saved = JSON.parse(text) as { readonly slices: string; readonly graph: SavedGraph }
  const slices = fromText(saved.slices) as Omit<EnvironmentState, 'graph'>
  return { ...slices, graph: loadedGraph(saved.graph) }
}
