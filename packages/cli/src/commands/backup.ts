import { resolve } from 'node:path'
import { backUpSqliteStore } from '@infraledger/store-sqlite'
import { parseText } from '../arguments.ts'
import { argument, defineCommand } from '../command.ts'
import { CommandError, wrongUsage } from '../command-error.ts'
import { count, plain } from '../output/text.ts'

export const backup = defineCommand({
  name: 'backup',
  group: 'Take out',
  summary: 'Copy the file of the ledger while others write to it',
  description:
    'The copy is a ledger of its own, and holds all that was acknowledged before the command began. It is never written over something ' +
    'that is there. Plain copies of a file in use lack what is still in its log. The key of the fingerprints (<ledger>.key) is kept with it by you.',
  arguments: { file: argument('where to write the copy', parseText) },
  options: {},
  examples: [
    ['infraledger backup backups/infra-2026-03-02.db', 'a copy of today'],
    ['infraledger verify --ledger backups/infra-2026-03-02.db', 'whether it can be trusted'],
  ],
  async run({ arguments: { file } }, session) {
    const { file: ledger, isThere } = await session.ledgerPlace()
    if (ledger === undefined)
      throw wrongUsage(
        'backup copies a file; a database is copied by its own tools, and "infraledger export" writes any ledger',
      )
    if (!(await isThere()))
      throw new CommandError('ledger-missing', `there is no ledger at ${ledger}; name one with --ledger <file>`, {
        ledger,
      })
    const to = resolve(session.io.cwd, file)
    const { lastPosition } = await backUpSqliteStore({ file: ledger, to })
    return {
      type: 'document',
      value: { file: to, events: Number(lastPosition) },
      text: () => `Wrote ${plain(file)}: ${count(Number(lastPosition), 'event')}.`,
    }
  },
})
