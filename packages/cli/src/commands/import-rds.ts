import { readDbInstances } from '@infraledger/adapters-aws'
import { system } from '@infraledger/core'
import type { ReadingResult, RecordedReading } from '@infraledger/core'
import { parseText } from '../arguments.ts'
import { defineCommand, flag, severalArguments } from '../command.ts'
import { importingEnvironment, typeOption } from '../importing-environment.ts'
import { readInputFiles } from '../input-files.ts'
import type { InputFile } from '../input-files.ts'
import { changedOutside, reconciliationDocument, reconciliationText } from '../output/reconciliation.ts'
import type { Look } from '../output/look.ts'
import { count, plain } from '../output/text.ts'

export const importRds = defineCommand({
  name: 'import rds',
  group: 'Take infrastructure in',
  summary: 'Import recorded answers of RDS, and the drift between them',
  description:
    'Each file is one reading, in the order given: the JSON of "aws rds describe-db-instances", or a recording of it. The first reading of an ' +
    'instance brings it in; each later one shows what changed since, property by property. With --detailed-exitcode it ends with 2 if any did.',
  arguments: { file: severalArguments('recorded answers, the earliest first; - is standard input', parseText) },
  options: { type: typeOption, detailedExitcode: flag('exit with 2 where something drifted or is missing') },
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
  async run({ arguments: { file }, options: { type } }, session) {
    const readings = (await readInputFiles(file, session.io)).map(readingOf)
    const { environment, created } = await importingEnvironment(session, type)
    const results = await environment.importObservations(readings, { actor: session.shared.as ?? system })
    const value = { environment: environment.name, created, readings: results.map(readingDocument) }
    const isDrift = results.some(
      ({ reconciliation }) => reconciliation.missing.length > 0 || changedOutside(reconciliation).length > 0,
    )
    return {
      type: 'document',
      value,
      text: (look) => results.map((result) => resultText(result, look)).join('\n'),
      outcome: isDrift ? 'different' : undefined,
    }
  },
})

function readingOf({ path, text, digest }: InputFile): RecordedReading {
  const name = path === '-' ? 'standard input' : path
  return { source: { name: name.split(/[\\/]/).at(-1) ?? name, digest }, ...readDbInstances(text, { name }) }
}

function readingDocument({ reading, imported, reconciliation }: ReadingResult): unknown {
  return { reading, imported, ...reconciliationDocument(reconciliation) }
}

function resultText({ reading, imported, reconciliation }: ReadingResult, look: Look): string {
  const brought = imported === 0 ? '' : `, ${imported} new`
  return `${look.paint('bold', plain(reading))}: ${count(reconciliation.counts.resources, 'resource')}${brought}\n${reconciliationText(reconciliation, look)}`
}
