import { readDbInstances } from '@infraledger/adapters-aws'
import { system } from '@infraledger/core'
import type { Environment, ReadingResult, RecordedReading } from '@infraledger/core'
import { parseText } from '../arguments.ts'
import { defineCommand, flag, severalArguments } from '../command.ts'
import { importingEnvironment, typeOption } from '../importing-environment.ts'
import { inTurn } from '../in-turn.ts'
import { inputName, readInputFiles } from '../input-files.ts'
import type { InputFile } from '../input-files.ts'
import { joinedPages } from '../joined-pages.ts'
import { changedOutside, reconciliationDocument, reconciliationText } from '../output/reconciliation.ts'
import type { Look } from '../output/look.ts'
import { count, plain } from '../output/text.ts'
import { progressOn } from '../progress.ts'
import type { Session } from '../session.ts'

export const importRds = defineCommand({
  name: 'import rds',
  group: 'Take infrastructure in',
  summary: 'Import recorded answers of RDS, and the drift between them',
  description:
    'Each file is one reading, in the order given: the JSON of "aws rds describe-db-instances", or a recording of it. The first reading of an ' +
    'instance brings it in; each later one shows what changed since, property by property. What an answer does not list is missing in its ' +
    'account and region, unless the answer says that there is more; the pages of one listing are put together. With --detailed-exitcode it ' +
    'ends with 2 if anything drifted or is missing.',
  arguments: { file: severalArguments('recorded answers, the earliest first; - is standard input', parseText) },
  options: {
    type: typeOption,
    partial: flag(
      'the answers list only some instances (--db-instance-identifier, --filters): nothing else is missing',
    ),
    detailedExitcode: flag('exit with 2 where something drifted or is missing'),
  },
  examples: [
    [
      'aws rds describe-db-instances | infraledger import rds - --environment prod',
      'what RDS says now, against what is recorded',
    ],
    [
      'infraledger import rds monday.json tuesday.json --environment prod --as user:ada',
      'what somebody changed between two readings',
    ],
  ],
  async run({ arguments: { file }, options: { type, partial } }, session) {
    const whole = joinedPages((await readInputFiles(file, session.io)).map(readingOf))
    const readings = partial ? whole.map((reading) => ({ ...reading, complete: false })) : whole
    const { environment, created } = await importingEnvironment(session, type)
    const results = await importAll(environment, readings, session)
    const value = { environment: environment.name, created, readings: results.map(readingDocument) }
    const isDrift = results.some(
      ({ reconciliation }) => reconciliation.missing.length > 0 || changedOutside(reconciliation).length > 0,
    )
    return {
      type: 'document',
      value,
      text: (look) => [...results.map((result) => resultText(result, look)), ...hints(results, readings)].join('\n'),
      outcome: isDrift ? 'different' : undefined,
    }
  },
})

async function importAll(
  environment: Environment,
  readings: readonly RecordedReading[],
  session: Session,
): Promise<readonly ReadingResult[]> {
  const by = { actor: session.shared.as ?? system }
  const progress = progressOn(session.io.stderr)
  const results: ReadingResult[] = []
  try {
    for (const reading of readings) {
      await progress.show(`Importing ${results.length + 1} of ${readings.length}: ${plain(reading.source.name)}`)
      const result = await inTurn(session, progress, reading.source, () =>
        environment.importObservations([reading], by),
      )
      results.push(...result)
    }
  } finally {
    await progress.clear()
  }
  return results
}

/** What a person may have overlooked. */
function hints(results: readonly ReadingResult[], readings: readonly RecordedReading[]): readonly string[] {
  const isMissing = results.some(({ reconciliation }) => reconciliation.missing.length > 0)
  return [
    ...(isMissing
      ? ['If an answer lists only some of the instances, import it with --partial: then nothing else is missing.']
      : []),
    ...(readings.some(({ observations }) => observations.length === 0)
      ? ['An answer without instances does not tell its account and region, so nothing is decided by it.']
      : []),
  ]
}

function readingOf({ path, text, digest }: InputFile): RecordedReading {
  const name = inputName(path)
  return { source: { name: name.split(/[\\/]/).at(-1) ?? name, digest }, ...readDbInstances(text, { name }) }
}

function readingDocument({ reading, imported, reconciliation }: ReadingResult): unknown {
  return { reading, imported, ...reconciliationDocument(reconciliation) }
}

function resultText({ reading, imported, reconciliation }: ReadingResult, look: Look): string {
  const brought = imported === 0 ? '' : `, ${imported} new`
  return `${look.paint('bold', plain(reading))}: ${count(reconciliation.counts.resources, 'resource')}${brought}\n${reconciliationText(reconciliation, look)}`
}
