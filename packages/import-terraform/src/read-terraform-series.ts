import type { Fingerprinter, ImportedGraph, ImportSource } from '@infraledger/core/adapter'
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
  return orderTerraformSeries(graphs).map(({ states, ...series }) => ({ ...series, graphs: states }))
}

/**
 * The same order for states that were read one by one, or of which only the sources are at hand: a series may be larger than memory.
 *
 * @throws LedgerError `input-invalid` for two different contents with one lineage and serial, naming both
 */
export function orderTerraformSeries<State extends { readonly source: ImportSource }>(
  all: readonly State[],
): readonly { readonly lineage?: string; readonly states: readonly State[] }[] {
  const byLineage = Map.groupBy(all, ({ source }) => source.lineage ?? `without lineage: ${source.digest}`)
  return [...byLineage.values()].map((members) => {
    const lineage = members[0]?.source.lineage
    return { ...(lineage === undefined ? {} : { lineage }), states: inOrder(members) }
  })
}

function inOrder<State extends { readonly source: ImportSource }>(states: readonly State[]): readonly State[] {
  const bySerial = new Map<number, State>()
  for (const state of states) {
    const serial = state.source.serial ?? 0
    const other = bySerial.get(serial)
    if (other === undefined) bySerial.set(serial, state)
    else if (other.source.digest !== state.source.digest) throw contradiction(other.source, state.source, serial)
  }
  return [...bySerial.values()].toSorted((a, b) => (a.source.serial ?? 0) - (b.source.serial ?? 0))
}

function contradiction(one: ImportSource, other: ImportSource, serial: number): Error {
  const problem = `${one.name} and ${other.name} both are serial ${serial} of lineage ${one.lineage}, with different contents`
  return invalidState(other.name, [{ path: 'serial', problem }], 'Import only the one that the backend holds')
}
