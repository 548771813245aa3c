import { loadedGraph, savedGraph } from '../graph/saved-graph.ts'
import type { SavedGraph } from '../graph/saved-graph.ts'
import { fromText, toText } from './state-text.ts'
import type { EnvironmentState } from './state.ts'

/**
 * The current state as text, for `EventStore.saveSnapshot`: every slice whole, and of the graph the newest versions only, so that its
 * size follows what is there and not what has been. Undefined while an import is open, for half of a graph version is not a state.
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
