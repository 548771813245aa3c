import { parseText } from '../arguments.ts'
import { defineCommand, option } from '../command.ts'
import { plain } from '../output/text.ts'

export const migrate = defineCommand({
  name: 'migrate',
  group: 'Take infrastructure in',
  summary: 'Make or renew the tables of a ledger in a database',
  description:
    'Once before a database is used, and after an update that says so; safe from several places at once. Whoever runs it owns the tables: ' +
    'let others use them as a role that may append but change nothing. A SQLite file needs none of it.',
  arguments: {},
  options: {
    writer: option('<role>', 'lets a role of the database append and read', parseText),
    reader: option('<role>', 'lets a role of the database read', parseText),
  },
  examples: [
    ['infraledger migrate --ledger postgres://owner@db.example.com/infra', 'make the tables'],
    ['infraledger migrate --ledger "$OWNER_URL" --writer platform --reader analysts', 'and let two roles use them'],
  ],
  async run({ options: { writer, reader } }, session) {
    const place = await session.ledgerPlace()
    const { ledger, from, to } = await place.migrate({ writer, reader })
    const did =
      from === to
        ? `is up to date (version ${to})`
        : from === 0
          ? `was made (version ${to})`
          : `went from version ${from} to ${to}`
    return {
      type: 'document',
      value: { ledger, from, to },
      text: (look) => `${look.paint('bold', plain(ledger))} ${did}`,
    }
  },
})
