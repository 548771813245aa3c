import type { ClientBase } from 'pg'
import type { JsonValue } from '@infraledger/core'
import type { AnyRow, Update } from '../projection/working-set.ts'
import type { ReadModelTransaction } from '../read-models.ts'
import { quoted, quotedList, setSql, whereSql } from '../sql/conditions.ts'
import type { Bound, Placeholders } from '../sql/conditions.ts'
import { conditionsOf } from '../sql/lookup-conditions.ts'
import { tableOf } from '../tables/catalogue.ts'
import type { Row, TableName } from '../tables/catalogue.ts'
import { parts } from './parts.ts'
import { inSchema } from './schema.ts'

const placeholders: Placeholders = { value: (n) => `$${n}`, oneOf: (column, n) => `${column} = any($${n}::text[])` }

/** What a transaction does over a connection, within a transaction that somebody else begins and ends. */
export function postgresTransaction(client: ClientBase, schema: string): ReadModelTransaction {
  const change = async (sql: string, values: readonly Bound[]): Promise<number> =>
    (await client.query(sql, [...values])).rowCount ?? 0

  async function select(table: TableName, where: Update['where'], limit?: number): Promise<readonly AnyRow[]> {
    const { columns, key } = tableOf(table)
    const { text, values } = whereSql(table, where, placeholders)
    const order = ` order by ${quotedList(key)}${limit === undefined ? '' : ` limit ${limit}`}`
    const sql = `select ${quotedList(Object.keys(columns))} from ${inSchema(schema, table)}${text}${order}`
    const { rows } = await client.query<Record<string, JsonValue | Date>>(sql, [...values])
    return rows.map((row) => read(table, row))
  }

  async function insert(table: TableName, rows: readonly AnyRow[], conflict: string): Promise<number> {
    const place = inSchema(schema, table)
    const names = quotedList(Object.keys(tableOf(table).columns))
    const sql = `insert into ${place} (${names}) select ${names} from json_populate_recordset(null::${place}, $1) ${conflict}`
    let changed = 0
    for (const part of parts(rows)) changed += await change(sql, [part])
    return changed
  }

  async function patch(table: TableName, rows: readonly AnyRow[]): Promise<void> {
    const place = inSchema(schema, table)
    const { key } = tableOf(table)
    const on = key.map((name) => `old.${quoted(name)} = new.${quoted(name)}`).join(' and ')
    for (const [columns, some] of Map.groupBy(rows, (row) => Object.keys(row).toSorted().join(' '))) {
      const set = columns.split(' ').filter((name) => !key.includes(name))
      const to = set.map((name) => `${quoted(name)} = new.${quoted(name)}`).join(', ')
      const sql = `update ${place} old set ${to} from json_populate_recordset(null::${place}, $1) new where ${on}`
      for (const part of parts(some)) await change(sql, [part])
    }
  }

  function update({ table, set, where }: Update): Promise<number> {
    const setting = setSql(table, set, placeholders)
    const { text, values } = whereSql(table, where, placeholders, setting.values.length)
    return change(`update ${inSchema(schema, table)} set ${setting.text}${text}`, [...setting.values, ...values])
  }

  return {
    find: (environment, lookup) => select(lookup.table, conditionsOf(environment, lookup)),
    // What was read is a row of its table: its columns are those of the definition.
    select: async <T extends TableName>(table: T, where: Update['where'], limit?: number) =>
      (await select(table, where, limit)) as readonly Row<T>[],
    async write({ rows, patches, updates }) {
      for (const [table, all] of rows) await insert(table, all, upsert(table))
      for (const [table, all] of patches) await patch(table, all)
      for (const one of updates) await update(one)
    },
    add: (table, rows) => insert(table, rows, 'on conflict do nothing'),
    update,
    remove(table, where) {
      const { text, values } = whereSql(table, where, placeholders)
      return change(`delete from ${inSchema(schema, table)}${text}`, values)
    },
  }
}

/** What a conflict with a row of the same key does: the new row takes its place. */
function upsert(table: TableName): string {
  const { columns, key } = tableOf(table)
  const others = Object.keys(columns).filter((name) => !key.includes(name))
  const set = others.map((name) => `${quoted(name)} = excluded.${quoted(name)}`).join(', ')
  return others.length === 0 ? 'on conflict do nothing' : `on conflict (${quotedList(key)}) do update set ${set}`
}

/** A row as the projection has it: `pg` answers a bigint as text, and a moment as a date. */
function read(table: TableName, row: Readonly<Record<string, JsonValue | Date>>): AnyRow {
  return Object.fromEntries(
    Object.entries(tableOf(table).columns).map(([name, { type }]) => {
      const value = row[name] ?? null
      if (value instanceof Date) return [name, value.toISOString()]
      return [name, type === 'integer' && value !== null ? Number(value) : value]
    }),
  )
}
