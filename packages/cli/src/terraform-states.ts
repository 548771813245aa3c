import type { Fingerprinter, ImportedGraph, ImportSource } from '@infraledger/core'
import { isLedgerError, LedgerError } from '@infraledger/core'
import { orderTerraformSeries, readTerraformState } from '@infraledger/import-terraform'
import { CommandError } from './command-error.ts'
import { inputName, readInput } from './input-files.ts'
import type { Io } from './io.ts'
import { count, plain } from './output/text.ts'
import type { Progress } from './progress.ts'

/** A state that was read and found to be right. */
export type ReadState = {
  /** As it was named on the command line. */
  readonly path: string
  readonly source: ImportSource
  readonly resources: number
  /** Its graph, with the secrets fingerprinted by this; read again where it was not kept. */
  readonly graph: (fingerprint: Fingerprinter) => Promise<ImportedGraph>
}

/** Text of which the graphs are kept at once; of what is beyond, each state is read again when its turn has come. */
const KEPT_CHARACTERS = 256 * 1024 * 1024

/** Reads all states, so that nothing is written when one of them is wrong, and puts them in the order in which they were true. */
export async function readStates(
  paths: readonly string[],
  io: Io,
  fingerprint: Fingerprinter,
  progress: Progress,
): Promise<readonly ReadState[]> {
  const states: ReadState[] = []
  let characters = 0
  try {
    for (const path of paths) {
      await progress.show(`Reading ${states.length + 1} of ${count(paths.length, 'state')}: ${plain(inputName(path))}`)
      const text = await readInput(path, io)
      characters += text.length
      states.push(
        readState(path, text, io, { fingerprint, keep: characters <= KEPT_CHARACTERS, isAlone: paths.length === 1 }),
      )
    }
  } finally {
    await progress.clear()
  }
  return inOrder(states)
}

/** Many states have one name, and the library keeps no folders: so a refusal says which file it was. */
export function ofInput(path: string, error: LedgerError): LedgerError {
  return new LedgerError(error.code, `${inputName(path)}: ${error.message}`, error.details, { cause: error })
}

function readState(
  path: string,
  text: string,
  io: Io,
  {
    fingerprint,
    keep,
    isAlone,
  }: { readonly fingerprint: Fingerprinter; readonly keep: boolean; readonly isAlone: boolean },
): ReadState {
  const parse = (given: string, by: Fingerprinter): ImportedGraph => {
    try {
      return readTerraformState(given, { name: inputName(path), fingerprint: by })
    } catch (error) {
      throw isLedgerError(error) && !isAlone ? ofInput(path, error) : error
    }
  }
  const graph = parse(text, fingerprint)
  const kept = keep ? graph : undefined
  const again = path === '-' ? keptText(text) : () => readInput(path, io)
  const { source } = graph
  return {
    path,
    source,
    resources: graph.nodes.length,
    async graph(by) {
      if (kept !== undefined && by === fingerprint) return kept
      const anew = parse(await again(), by)
      if (anew.source.digest === source.digest) return anew
      throw new CommandError('file-unreadable', `${path} was changed while it was imported; import again`, {
        file: path,
      })
    },
  }
}

/** Standard input comes once. A function of its own, because what is beside a closure lives as long as that. */
function keptText(text: string): () => Promise<string> {
  return () => Promise.resolve(text)
}

function inOrder(states: readonly ReadState[]): readonly ReadState[] {
  try {
    return orderTerraformSeries(states).flatMap((series) => series.states)
  } catch (error) {
    throw isLedgerError(error) ? ofBoth(error, states) : error
  }
}

/** Names both files of which the sources contradict each other. */
function ofBoth(error: LedgerError, states: readonly ReadState[]): LedgerError {
  const bySerial = Map.groupBy(states, ({ source }) => JSON.stringify([source.lineage, source.serial]))
  const those = [...bySerial.values()].find((same) => new Set(same.map(({ source }) => source.digest)).size > 1)
  return those === undefined ? error : ofInput(those.map(({ path }) => inputName(path)).join(', '), error)
}
