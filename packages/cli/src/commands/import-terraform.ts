import type { Fingerprinter, ImportedGraph, ImportReport, ImportSource } from '@infraledger/core'
import { isLedgerError, LedgerError } from '@infraledger/core'
import { readTerraformSeries, readTerraformState } from '@infraledger/import-terraform'
import type { TerraformStateFile } from '@infraledger/import-terraform'
import { parseText } from '../arguments.ts'
import { defineCommand, severalArguments } from '../command.ts'
import { fingerprintKey, KEY_VARIABLE } from '../fingerprint-key.ts'
import { importingEnvironment, typeOption } from '../importing-environment.ts'
import type { ImportingEnvironment } from '../importing-environment.ts'
import { inTurn } from '../in-turn.ts'
import { inputName, readInputFiles } from '../input-files.ts'
import type { InputFile } from '../input-files.ts'
import { table } from '../output/table.ts'
import type { Look } from '../output/look.ts'
import { count, plain } from '../output/text.ts'
import { progressOn } from '../progress.ts'
import type { Session } from '../session.ts'

export const importTerraform = defineCommand({
  name: 'import terraform',
  group: 'Take infrastructure in',
  summary: 'Import Terraform states: each becomes a graph version',
  description:
    'States of one lineage are taken in the order of their serials, whatever their order here. What is imported is only observed: no plan ' +
    'changes it until "infraledger manage". Secrets are never stored, only fingerprints of them, made with a key that lies beside the ' +
    `ledger (<ledger>.key, yours to keep out of version control) or in $${KEY_VARIABLE}.`,
  arguments: { file: severalArguments('states of version 4; - is standard input', parseText) },
  options: { type: typeOption },
  examples: [
    [
      'terraform state pull | infraledger import terraform - --environment prod --as user:ada',
      'the state as it is now',
    ],
    [
      'infraledger import terraform states/*.tfstate --environment prod --as user:ada',
      'all the states that a backend kept: history from the first day',
    ],
  ],
  async run({ arguments: { file }, options: { type } }, session) {
    const by = { actor: session.actor() }
    const files = await readInputFiles(file, session.io)
    const key = await fingerprintKey(await session.ledgerFile(), session.io.env)
    const read = graphsIn(files, key.fingerprint)
    const target = await importingEnvironment(session, type)
    const kept = await key.keep()
    if (kept.made !== undefined)
      await session.note(
        `Made ${kept.made}, with which secrets are fingerprinted. Keep it, and keep it out of version control.`,
      )
    const graphs = kept.fingerprint === key.fingerprint ? read : graphsIn(files, kept.fingerprint)
    const imports = await importAll(graphs, target, by, session)
    const value = { environment: target.environment.name, created: target.created, imports }
    return { type: 'document', value, text: (look) => importText(value, look) }
  },
})

type ImportedState = ImportReport & { readonly state: string; readonly lineage?: string; readonly serial?: number }

/** The states in the order in which they were true. */
function graphsIn(files: readonly InputFile[], fingerprint: Fingerprinter): readonly ImportedGraph[] {
  const named = files.map(({ path, text }) => ({ text, name: inputName(path) }))
  try {
    return readTerraformSeries(named, { fingerprint }).flatMap((series) => series.graphs)
  } catch (error) {
    throw isLedgerError(error) && files.length > 1 ? withPaths(error, named, fingerprint) : error
  }
}

/** Many states have one name, and the library keeps no folders: so the refusal says which files it was. */
function withPaths(error: LedgerError, files: readonly TerraformStateFile[], fingerprint: Fingerprinter): LedgerError {
  const seen = new Map<string, string>()
  for (const { text, name } of files) {
    const outcome = attempt(text, name, fingerprint)
    if (isLedgerError(outcome)) return prefixed(name, outcome)
    const { lineage, serial } = outcome
    const key = JSON.stringify([lineage, serial])
    const other = seen.get(key)
    if (other !== undefined && lineage !== undefined) return prefixed(`${other}, ${name}`, error)
    seen.set(key, name)
  }
  return error
}

function attempt(text: string, name: string, fingerprint: Fingerprinter): ImportSource | LedgerError {
  try {
    return readTerraformState(text, { name, fingerprint }).source
  } catch (error) {
    if (isLedgerError(error)) return error
    throw error
  }
}

function prefixed(names: string, error: LedgerError): LedgerError {
  return new LedgerError(error.code, `${names}: ${error.message}`, error.details, { cause: error })
}

async function importAll(
  graphs: readonly ImportedGraph[],
  { environment }: ImportingEnvironment,
  by: { readonly actor: ReturnType<Session['actor']> },
  session: Session,
): Promise<readonly ImportedState[]> {
  const progress = progressOn(session.io.stderr)
  const done: ImportedState[] = []
  try {
    for (const graph of graphs) {
      const { name, lineage, serial } = graph.source
      await progress.show(
        `Importing ${done.length + 1} of ${graphs.length}: ${plain(name)}, ${count(graph.nodes.length, 'resource')}`,
      )
      const report = await inTurn(session, progress, graph.source, (options) => environment.import(graph, by, options))
      done.push({
        state: name,
        ...(lineage === undefined ? {} : { lineage }),
        ...(serial === undefined ? {} : { serial }),
        ...report,
      })
    }
  } catch (error) {
    await progress.clear()
    if (done.length > 0)
      await session.note(`${count(done.length, 'state')} of ${graphs.length} imported; the next one was refused.`)
    const refused = graphs[done.length]?.source.name
    throw isLedgerError(error) && refused !== undefined && !error.message.includes(refused)
      ? prefixed(refused, error)
      : error
  }
  await progress.clear()
  return done
}

function importText(
  { environment, imports }: { readonly environment: string; readonly imports: readonly ImportedState[] },
  look: Look,
): string {
  const rows = imports.map(({ state, serial, graphVersion, recorded, unchanged, retired, importedBefore }) => [
    state,
    serial === undefined ? '-' : String(serial),
    importedBefore ? '-' : String(graphVersion),
    String(recorded),
    String(unchanged),
    String(retired),
  ])
  const numbers = ['SERIAL', 'GRAPH', 'RECORDED', 'UNCHANGED', 'RETIRED'].map((heading) => ({
    heading,
    alignRight: true,
  }))
  const before = imports.filter(({ importedBefore }) => importedBefore).length
  const known =
    before === 0
      ? ''
      : `\n${before === imports.length ? 'Nothing new' : `${count(before, 'state')} of ${imports.length} with nothing new`}: imported before.`
  return `${look.paint('bold', plain(environment))}\n${table([{ heading: 'STATE', narrow: 'keep' }, ...numbers], rows, look)}${known}`
}
