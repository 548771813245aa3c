import type { Fingerprinter, ImportedGraph } from '@infraledger/core/adapter'
import { readTerraformState } from './read-terraform-state.ts'
import { invalidState } from './state/state-error.ts'

/** One file of a series. */
export type TerraformStateFile = { readonly text: string; readonly name: string; readonly effectiveAt?: string }

/** The states of one lineage in the order in which they were true. */
export type TerraformSeries = {
  /** Left out for a state that has none: it is a series of its own. */
  readonly lineage?: string
  readonly graphs: readonly ImportedGraph[]
}

/**
 * Reads several states and puts them in order: by lineage, in the order in which lineages are met, and within one by serial. The same
 * content given twice counts once.
 *
 * @throws LedgerError `input-invalid` for two different contents with one lineage and serial, naming both files, and whatever
 * `readTerraformState` refuses
 */
export function readTerraformSeries(
  files: readonly TerraformStateFile[],
  options: { readonly fingerprint: Fingerprinter },
): readonly TerraformSeries[] {
  const graphs = files.map(({ text, ...file }) => readTerraformState(text, { ...file, ...options }))
  const byLineage = Map.groupBy(graphs, ({ source }) => source.lineage ?? `without lineage: ${source.digest}`)
  return [...byLineage.values()].map((members) => {
    const lineage = members[0]?.source.lineage
    return { ...(lineage === undefined ? {} : { lineage }), graphs: inOrder(members) }
  })
}

function inOrder(graphs: readonly ImportedGraph[]): readonly ImportedGraph[] {
  const bySerial = new Map<number, ImportedGraph>()
  for (const graph of graphs) {
    const serial = graph.source.serial ?? 0
    const other = bySerial.get(serial)
    if (other === undefined) bySerial.set(serial, graph)
    else if (other.source.digest !== graph.source.digest) throw contradiction(other, graph, serial)
  }
  return [...bySerial.values()].toSorted((a, b) => (a.source.serial ?? 0) - (b.source.serial ?? 0))
}

function contradiction(one: ImportedGraph, other: ImportedGraph, serial: number): Error {
  const problem = `${one.source.name} and ${other.source.name} both are serial ${serial} of lineage ${one.source.lineage}, with different contents`
  return invalidState(other.source.name, [{ path: 'serial', problem }], 'Import only the one that the backend holds')
}
