import type { Answer } from '../answer.ts'
import { parseText } from '../arguments.ts'
import { defineCommand, option } from '../command.ts'
import { wrongUsage } from '../command-error.ts'
import type { LedgerPlace, MigrationGrants } from '../ledger-place.ts'
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
  async run({ options: grants }, session) {
    const place = await session.ledgerPlace()
    if (place.migrate === undefined) return ready(place, grants)
    const { ledger, from, to } = await place.migrate(grants)
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

/** What needs no migration is opened and asked once, so that a ledger that is missing, damaged or out of reach is told now. */
async function ready({ name, open }: LedgerPlace, { writer, reader }: MigrationGrants): Promise<Answer> {
  if (writer !== undefined || reader !== undefined)
    throw wrongUsage(`--writer and --reader are roles of a database; who may use ${name} is said there`)
  const store = await open()
  try {
    for await (const _ of store.readAll({ limit: 1 })) break
  } finally {
    await store.close()
  }
  return {
    type: 'document',
    value: { ledger: store.name },
    text: (look) => `${look.paint('bold', plain(store.name))} is ready: opening it does all that is needed`,
  }
}
