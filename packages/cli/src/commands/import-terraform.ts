import type { ImportedGraph, ImportReport } from '@infraledger/core'
import { isLedgerError } from '@infraledger/core'
import { parseText } from '../arguments.ts'
import { defineCommand, severalArguments } from '../command.ts'
import { fingerprintKey, KEY_VARIABLE } from '../fingerprint-key.ts'
import { importingEnvironment, typeOption } from '../importing-environment.ts'
import type { ImportingEnvironment } from '../importing-environment.ts'
import { inTurn } from '../in-turn.ts'
import { table } from '../output/table.ts'
import type { Look } from '../output/look.ts'
import { count, plain } from '../output/text.ts'
import { progressOn } from '../progress.ts'
import type { Session } from '../session.ts'
import { ofInput, readStates } from '../terraform-states.ts'
import type { ReadState } from '../terraform-states.ts'

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
    const key = await fingerprintKey((await session.ledgerPlace()).file, session.io.env)
    const progress = progressOn(session.io.stderr)
    const states = await readStates(file, session.io, key.fingerprint, progress)
    const target = await importingEnvironment(session, type)
    const kept = await key.keep()
    if (kept.made !== undefined)
      await session.note(
        `Made ${kept.made}, with which secrets are fingerprinted. Keep it, and keep it out of version control.`,
      )
    const read = (state: ReadState): Promise<ImportedGraph> => state.graph(kept.fingerprint)
    const imports = await importAll(states, read, target, by, session)
    const value = { environment: target.environment.name, created: target.created, imports }
    return { type: 'document', value, text: (look) => importText(value, look) }
  },
})

type ImportedState = ImportReport & { readonly state: string; readonly lineage?: string; readonly serial?: number }

async function importAll(
  states: readonly ReadState[],
  read: (state: ReadState) => Promise<ImportedGraph>,
  { environment }: ImportingEnvironment,
  by: { readonly actor: ReturnType<Session['actor']> },
  session: Session,
): Promise<readonly ImportedState[]> {
  const progress = progressOn(session.io.stderr)
  const done: ImportedState[] = []
  try {
    for (const state of states) {
      const { source, resources } = state
      const { name, lineage, serial } = source
      await progress.show(
        `Importing ${done.length + 1} of ${states.length}: ${plain(name)}, ${count(resources, 'resource')}`,
      )
      const graph = await read(state)
      const report = await inTurn(session, progress, source, (options) => environment.import(graph, by, options))
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
      await session.note(`${count(done.length, 'state')} of ${states.length} imported; the next one was refused.`)
    const refused = states[done.length]
    throw isLedgerError(error) && refused !== undefined && !error.message.includes(refused.source.name)
      ? ofInput(refused.path, error)
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
