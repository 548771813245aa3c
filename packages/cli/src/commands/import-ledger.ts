import { isLedgerError, LedgerError, restoreLedger, verifyExport } from '@infraledger/core'
import type { RestoreReport } from '@infraledger/core'
import { parseText } from '../arguments.ts'
import { argument, defineCommand } from '../command.ts'
import { inputLines } from '../input-files.ts'
import type { LedgerPlace } from '../ledger-place.ts'
import { count, plain, showMoment } from '../output/text.ts'
import type { Session } from '../session.ts'

export const importLedger = defineCommand({
  name: 'import ledger',
  group: 'Take infrastructure in',
  summary: 'Restore a ledger from its export, into a new file',
  description:
    'The whole export is held against its hash chain before anything is written; a line that was changed is named. Where a restoration was ' +
    'interrupted, the same command goes on. The key of the fingerprints (<ledger>.key) is in no export: keep it with the copy.',
  arguments: { file: argument('what "infraledger export" wrote; - is standard input', parseText) },
  options: {},
  examples: [
    ['infraledger import ledger infra.jsonl --ledger restored.db', 'a ledger from its backup'],
    ['ssh ops infraledger export | infraledger import ledger - --ledger copy.db', 'a copy of a ledger elsewhere'],
  ],
  async run({ arguments: { file } }, session) {
    const place = await session.ledgerPlace()
    const ledger = place.name
    const report = await restored(file, place, session)
    return {
      type: 'document',
      value: { ...report, ledger, heads: Object.fromEntries(report.heads) },
      text: (look) => `${look.paint('bold', plain(ledger))}: ${summary(report)}`,
    }
  },
})

async function restored(file: string, ledger: LedgerPlace, { io }: Session): Promise<RestoreReport> {
  const name = file === '-' ? 'standard input' : file
  try {
    // Read once to check it and once to write it, so that a file that is not whole leaves nothing behind.
    const lines = await inputLines(file, io)
    await verifyExport(lines())
    const store = await ledger.openOrCreate()
    try {
      return await restoreLedger(lines(), store)
    } finally {
      await store.close()
    }
  } catch (error) {
    if (!isLedgerError(error)) throw error
    throw new LedgerError(error.code, `${name}: ${error.message}`, error.details, { cause: error })
  }
}

function summary({ events, restored: written, alreadyThere, heads, exportedAt }: RestoreReport): string {
  const before = alreadyThere === 0 ? '' : ` (${alreadyThere} were there already)`
  return `${count(written, 'event')} restored${before}, ${events} in ${count(heads.size, 'stream')} in all, exported ${showMoment(exportedAt)}`
}
