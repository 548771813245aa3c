import { resolve } from 'node:path'
import { terraformImportBlocks } from '@infraledger/import-terraform'
import type { StreamAnswer } from '../answer.ts'
import { parseChoice, parseText } from '../arguments.ts'
import { defineCommand, option } from '../command.ts'
import { wrongUsage } from '../command-error.ts'
import { plain } from '../output/text.ts'
import type { Session } from '../session.ts'
import { writeWholeFile } from '../whole-file.ts'

export const exportLedger = defineCommand({
  name: 'export',
  group: 'Take out',
  summary: 'The whole ledger as JSON Lines, or the graph as Terraform import blocks',
  description:
    'The export holds every event of all environments with its very text; "infraledger import ledger" makes a ledger of it again, with the ' +
    'chain intact. As terraform-import it is the graph of one environment: a block for each resource whose import id is known, the ' +
    'others in comments with the reason.',
  arguments: {},
  options: {
    output: option('<file>', 'where to write it, instead of to stdout; replaced when the export is whole', parseText),
    format: option('<format>', 'ledger (default) or terraform-import', parseChoice('ledger', 'terraform-import')),
  },
  examples: [
    ['infraledger export | gzip > infra.jsonl.gz', 'a backup, readable without Infraledger'],
    [
      'infraledger export --format terraform-import --env prod --output imports.tf',
      'leave, or go on with Terraform: terraform plan -generate-config-out=resources.tf',
    ],
  ],
  async run({ options: { output, format = 'ledger' } }, session) {
    const ledger = await session.ledger()
    if (session.shared.json && output === undefined)
      throw wrongUsage('an export has a form of its own: give --json only with --output <file>')
    const lines = format === 'ledger' ? ledger.export() : [await importBlocks(session)]
    if (output === undefined) return { type: 'stream', items: items(lines), none: '' }
    await writeWholeFile(lines, resolve(session.io.cwd, output))
    return { type: 'document', value: { file: output, format }, text: () => `Wrote ${plain(output)}.` }
  },
})

async function importBlocks(session: Session): Promise<string> {
  const environment = await session.environment()
  return terraformImportBlocks((await environment.graph()).toJSON())
}

async function* items(lines: AsyncIterable<string> | Iterable<string>): StreamAnswer['items'] {
  for await (const line of lines) yield { value: line, text: () => line.replace(/\n$/, '') }
}
