import { resolve } from 'node:path'
import { reportCsv, reportHtml, reportJson } from '@infraledger/core'
import type { PeriodReport } from '@infraledger/core'
import { parseChoice, parseMoment, parseText } from '../arguments.ts'
import type { StreamAnswer } from '../answer.ts'
import { readCheckpoint, readKeys } from '../checkpoint-files.ts'
import { defineCommand, option, requiredOption } from '../command.ts'
import { wrongUsage } from '../command-error.ts'
import { plain } from '../output/text.ts'
import { withProgress } from '../reading-progress.ts'
import { writeWholeFile } from '../whole-file.ts'

const FORMS = { csv: reportCsv, html: reportHtml, json: reportJson } as const

export const report = defineCommand({
  name: 'report',
  group: 'Take out',
  summary: 'Changes, adopted drift and scans of a period, for an auditor',
  description:
    'Each change with commit, tickets, who triggered, asked and approved; each adopted drift with who reviewed it; each scan. The whole ledger is ' +
    'verified first, and the report says so; it ends with 1 when the ledger is not intact. Without --environment it is about all of them. The ' +
    'ledger has no field for tickets: they are found by how they read, in reasons, correlation ids and names of branches.',
  arguments: {},
  options: {
    from: requiredOption('<time>', 'what was recorded from here on', parseMoment),
    to: requiredOption('<time>', 'and before this moment: 2026-04-01 ends with 31 March', parseMoment),
    format: option('<format>', 'csv (default), html, or json, a line for each row', parseChoice('csv', 'html', 'json')),
    out: option('<file>', 'where to write it, instead of to stdout; replaced when it is whole', parseText),
    tickets: option('<pattern>', 'how tickets read, as a regular expression; default [A-Z][A-Z0-9]+-\\d+', parseText),
    checkpoint: option('<file>', 'verify against this checkpoint, and say so', parseText),
    key: option('<file>', 'public keys (PEM) of who signs checkpoints', parseText),
  },
  examples: [
    ['infraledger report --from 2026-01-01 --to 2026-04-01 --format html --out q1.html', 'a quarter, to be printed'],
    [
      'infraledger report --from 2026-01-01 --to 2026-04-01 --checkpoint newest.json --key public.pem',
      'as CSV, with evidence',
    ],
  ],
  async run({ options: { from, to, format = 'csv', out, tickets, checkpoint, key } }, session) {
    const ledger = await session.ledger()
    if (session.shared.json && out === undefined)
      throw wrongUsage('a report has a form of its own: take --format json, or give --json with --out <file>')
    if (key !== undefined && checkpoint === undefined) throw wrongUsage('--key is for a --checkpoint <file>')
    const against = checkpoint === undefined ? undefined : await readCheckpoint(checkpoint, session)
    const keys = await readKeys(key, session)
    const { environment } = session.shared
    const made = await withProgress(session, 'Verifying', (read) =>
      ledger.report({
        ...read,
        from,
        to,
        ...(environment === undefined ? {} : { environments: [environment] }),
        ...(tickets === undefined ? {} : { tickets }),
        ...(against === undefined ? {} : { checkpoint: against }),
        ...(keys === undefined ? {} : { keys }),
      }),
    )
    const { intact } = made.integrity
    const outcome = intact ? undefined : 'failed'
    if (out === undefined) return { type: 'stream', items: items(made, format), none: '', outcome: () => outcome }
    await writeWholeFile(FORMS[format](made), resolve(session.io.cwd, out))
    return {
      type: 'document',
      value: { file: out, format, intact },
      text: () => `Wrote ${plain(out)}.${intact ? '' : ' The ledger is not intact: the report says where it ends.'}`,
      outcome,
    }
  },
})

async function* items(made: PeriodReport, format: keyof typeof FORMS): StreamAnswer['items'] {
  for await (const text of FORMS[format](made)) yield { value: text, text: () => text.replace(/\n$/, '') }
}
