import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import type { EventStore } from '@infraledger/core'
import { auditedLedger } from './auditor.fixture.ts'
import { placesForTests } from './places.fixture.ts'
import type { Place } from './places.fixture.ts'
import { projectLedger } from './project-ledger.ts'
import { tableNames, tableOf } from './tables/catalogue.ts'
import { views } from './tables/views.ts'

const docs = join(import.meta.dirname, '../../../docs')

/** A question of the guide: its title, its SQL, and the lines of its answer. */
type Question = { readonly title: string; readonly sql: string; readonly answer: readonly string[] }

/** The questions stand in the guide's block of SQL, with an empty line between two; what follows `-- =>` is the answer. */
const questions: readonly Question[] = questionsOf(readFileSync(join(docs, 'guides/read-models.md'), 'utf8'))

function questionsOf(guide: string): readonly Question[] {
  const [, block = ''] = /```sql\n([^]*?)\n```/.exec(guide) ?? []
  return block.split('\n\n').map((part) => {
    const lines = part.split('\n')
    const answer = lines.filter((line) => line.startsWith('-- => ')).map((line) => line.slice('-- => '.length))
    return { title: lines[0] ?? '', sql: lines.filter((line) => !line.startsWith('-- ')).join('\n'), answer }
  })
}

/** Runs one statement as a stranger would, and shows each row on a line. */
async function ask({ url, schema }: Place, sql: string): Promise<readonly string[]> {
  if (!url.startsWith('postgres')) {
    const database = new DatabaseSync(url, { readOnly: true })
    const rows = database.prepare(sql).all()
    database.close()
    return rows.map(lineOf)
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`set search_path to ${schema}`)
  const { rows } = await client.query<Record<string, unknown>>(sql)
  await client.end()
  return rows.map(lineOf)
}

function lineOf(row: Readonly<Record<string, unknown>>): string {
  return Object.values(row)
    .map((value) => (value instanceof Date ? value.toISOString() : String(value)))
    .join(' | ')
}

let store: EventStore
beforeAll(async () => {
  const audited = await auditedLedger()
  store = audited.store
})

test('the guide has the ten questions', () => {
  expect(questions.map(({ title }) => Number(/^-- (\d+) /.exec(title)?.[1]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(questions.filter(({ answer }) => answer.length === 0)).toEqual([])
})

describe.each(placesForTests())('$dialect', ({ newPlace }) => {
  test('READ 9: the ten questions of the guide have the answers that it shows', async () => {
    const place = await newPlace()
    await projectLedger({ store, target: place.target })
    for (const { title, sql, answer } of questions) expect(await ask(place, sql), title).toEqual(answer)
  })

  test('READ 9: views show what is there now', async () => {
    const place = await newPlace()
    await projectLedger({ store, target: place.target })
    const prefix = 'select count(*) as n from'
    for (const { name, table, where } of views) {
      expect(await ask(place, `${prefix} ${name}`)).toEqual(await ask(place, `${prefix} ${table} where ${where}`))
    }
  })
})

/** The reference of tables and columns, as Markdown. */
function reference(): string {
  const contents = tableNames.map((name) => `[${name}](#${name})`).join(' · ')
  const parts = tableNames.map((name) => {
    const { comment, columns, key, indexes } = tableOf(name)
    const rows = Object.entries(columns).map(
      ([column, { type, nullable, comment: about }]) =>
        `| \`${column}\` | ${type}${nullable ? '' : ', always'} | ${about.replaceAll('<', '\\<')} |`,
    )
    const indexed = indexes.map((index) => `\`${index.columns.join(', ')}\``).join(' · ')
    const keys = `Key: \`${key.join(', ')}\`.${indexed === '' ? '' : ` Indexes: ${indexed}.`}`
    return `## ${name}\n\n${comment}. ${keys}\n\n| column | type | what it tells |\n|---|---|---|\n${rows.join('\n')}\n`
  })
  const viewRows = views.map(
    ({ name, table, where, comment }) => `| \`${name}\` | \`${table}\` | \`${where}\` | ${comment} |`,
  )
  return `# The tables of the read models

What [\`project\`](guides/read-models.md) keeps. The types are text, integer, boolean (0 and 1 in SQLite), timestamp (ISO 8601 text in UTC with milliseconds in
SQLite, \`timestamptz\` in PostgreSQL) and json (JSON text in SQLite, \`jsonb\` in PostgreSQL); a column without “always” may be null. Actors read \`user ada\`,
\`api-client ci\`, \`pull-request 12\`, \`system infraledger\`. This page is made from the definitions, and a test holds the two together.

${contents}

## Views

| view | of | where | what it shows |
|---|---|---|---|
${viewRows.join('\n')}

${parts.join('\n')}`
}

test('READ 9: the reference lists every table and column', async () => {
  await expect(reference()).toMatchFileSnapshot(join(docs, 'read-model-tables.md'))
})
