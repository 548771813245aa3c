import type { DomainEvent } from '../environment/catalogue.ts'
import { changesGraph } from '../environment/stamp.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { importOf } from './cause.ts'
import { lineageOf } from './imports.ts'
import type { OpenImport } from './imports.ts'
import type { GraphSlice } from './state.ts'

/**
 * GRAPH 5: an import's appends share one graph version, so between its start and its completion nothing but its own changes may come.
 * A change by anything else is refused with `import-in-progress`.
 */
export function checkImportFrame(graph: GraphSlice, events: readonly DomainEvent[]): Rejection | undefined {
  let open: Unfinished | undefined = graph.openImport
  let framed = open !== undefined
  let changed = false
  for (const event of events) {
    if (event.type === 'ImportStarted') {
      if (open !== undefined) return importInProgress(graph, open)
      if (changed || framed)
        throw new Error(`Import ${event.data.import} begins in an append that changes the graph otherwise`)
      open = { ...event.data, lineage: lineageOf(event.data.source) }
      framed = true
    } else if (event.type === 'ImportCompleted') {
      if (open?.import !== event.data.import)
        throw new Error(`Import ${event.data.import} is completed without being open`)
      open = undefined
    } else if (changesGraph(event)) {
      changed = true
      const cause = 'cause' in event.data ? event.data.cause : undefined
      if (open === undefined && framed) throw new Error(`${event.type} follows a completed import in the same append`)
      if (open !== undefined && (cause === undefined || importOf(cause) !== open.import))
        return importInProgress(graph, open)
    }
  }
  return undefined
}

/** What a refusal tells of an import that is open. */
type Unfinished = Pick<OpenImport, 'import' | 'source' | 'lineage'>

/**
 * The refusal of a change while an import is open. Whether somebody is at it cannot be told from inside, so it says how far it is:
 * who asks again sees whether it goes on.
 */
export function importInProgress(graph: GraphSlice, open: Unfinished): Rejection {
  const changes = changesOfOpenImport(graph)
  const { import: id, lineage, source } = open
  const message = `the import of ${source.name} is not finished (${changes} changes so far): wait while a process is at it; if it was interrupted, run it again, and it goes on where it stopped`
  return reject('import-in-progress', message, { import: id, source: source.name, lineage, changes })
}

function changesOfOpenImport({ openImport, building, version }: GraphSlice): number {
  if (openImport === undefined || building === undefined || building.version === version) return 0
  return building.nodes.length + building.edges.length
}
