import type { DomainEvent } from '../environment/catalogue.ts'
import { changesGraph } from '../environment/stamp.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { GraphSlice } from './state.ts'

/**
 * GRAPH 5: an import's appends share one graph version, so between its start and its completion nothing but its own changes may come.
 * A change by anything else is refused with `import-in-progress`.
 */
export function checkImportFrame(graph: GraphSlice, events: readonly DomainEvent[]): Rejection | undefined {
  let open =
    graph.openImport === undefined
      ? undefined
      : { import: graph.openImport.import, source: graph.openImport.source.name }
  let framed = open !== undefined
  let changed = false
  for (const event of events) {
    if (event.type === 'ImportStarted') {
      if (open !== undefined) return importInProgress(open)
      if (changed || framed)
        throw new Error(`Import ${event.data.import} begins in an append that changes the graph otherwise`)
      open = { import: event.data.import, source: event.data.source.name }
      framed = true
    } else if (event.type === 'ImportCompleted') {
      if (open?.import !== event.data.import)
        throw new Error(`Import ${event.data.import} is completed without being open`)
      open = undefined
    } else if (changesGraph(event)) {
      changed = true
      const cause = 'cause' in event.data ? event.data.cause : undefined
      if (open === undefined && framed) throw new Error(`${event.type} follows a completed import in the same append`)
      if (open !== undefined && !(cause?.type === 'import' && cause.import === open.import))
        return importInProgress(open)
    }
  }
  return undefined
}

/** The refusal of a change while an import is open. */
export function importInProgress(open: { readonly import: string; readonly source: string }): Rejection {
  const message = `the import of ${open.source} is not finished: run it again, then nothing else is in its way`
  return reject('import-in-progress', message, { import: open.import, source: open.source })
}
