import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { ReadModelTransaction } from '../read-models.ts'
import { conditionsOf } from '../sql/lookup-conditions.ts'
import { quoted, quotedList, setSql, whereSql } from '../sql/conditions.ts'
import type { Bound, Placeholders } from '../sql/conditions.ts'
import type { AnyRow, Update } from '../projection/working-set.ts'
import { tableOf } from '../tables/catalogue.ts'
import type { Row, TableName } from '../tables/catalogue.ts'
import { storable } from '../tables/storable.ts'

const placeholders: Placeholders = {
  value: () => '?',
  oneOf: (column) => `${column} in (select value from json_each(?))`,
}

/** What a transaction does on an open database, within a transaction that somebody else begins and ends. */
export function sqliteTransaction(database: DatabaseSync): ReadModelTransaction {
  const statements = new Map<string, StatementSync>()
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, known)
    return known
  }
  const change = (sql: string, values: readonly Bound[]): number =>
    Number(prepared(sql).run(...values.map(bind)).changes)

  function select(table: TableName, where: Update['where'], limit?: number): readonly AnyRow[] {
    const { text, values } = whereSql(table, where, placeholders)
    const order = ` order by ${quotedList(tableOf(table).key)}${limit === undefined ? '' : ` limit ${limit}`}`
    const found = prepared(`select * from ${quoted(table)}${text}${order}`).all(...values.map(bind))
    return found.map((row) => read(table, row))
  }

  function insert(table: TableName, rows: readonly AnyRow[], conflict: string): number {
    const names = Object.keys(tableOf(table).columns)
    const sql = `insert into ${quoted(table)} (${quotedList(names)}) values (${names.map(() => '?').join(', ')}) ${conflict}`
    let changed = 0
    for (const row of rows)
      changed += change(
        sql,
        names.map((name) => valueIn(table, name, row)),
      )
    return changed
  }

  function update({ table, set, where }: Update): number {
    const setting = setSql(table, set, placeholders)
    const { text, values } = whereSql(table, where, placeholders)
    return change(`update ${quoted(table)} set ${setting.text}${text}`, [...setting.values, ...values])
  }

  return {
    find: (environment, lookup) => Promise.resolve(select(lookup.table, conditionsOf(environment, lookup))),
    // What was read is a row of its table: its columns are those of the definition.
    select: <T extends TableName>(table: T, where: Update['where'], limit?: number) =>
      Promise.resolve(select(table, where, limit) as readonly Row<T>[]),
    async write({ rows, patches, updates }) {
      for (const [table, all] of rows) insert(table, all, upsert(table))
      for (const [table, all] of patches) for (const row of all) update(patchOf(table, row))
      for (const one of updates) update(one)
    },
    add: (table, rows) => Promise.resolve(insert(table, rows, 'on conflict do nothing')),
    update: (one) => Promise.resolve(update(one)),
    remove(table, where) {
      const { text, values } = whereSql(table, where, placeholders)
      return Promise.resolve(change(`delete from ${quoted(table)}${text}`, values))
    },
  }
}

/** What a conflict with a row of the same key does: the new row takes its place. */
function upsert(table: TableName): string {
  const { columns, key } = tableOf(table)
  const others = Object.keys(columns).filter((name) => !key.includes(name))
  if (others.length === 0) return 'on conflict do nothing'
  const set = others.map((name) => `${quoted(name)} = excluded.${quoted(name)}`).join(', ')
  return `on conflict (${quotedList(key)}) do update set ${set}`
}

function patchOf(table: TableName, row: AnyRow): Update {
  const { key } = tableOf(table)
  const split = Object.entries(row)
  return {
    table,
    set: Object.fromEntries(split.filter(([name]) => !key.includes(name))),
    where: Object.fromEntries(split.filter(([name]) => key.includes(name))),
  }
}

function valueIn(table: TableName, name: string, row: AnyRow): Bound {
  return storable(tableOf(table).columns[name]?.type ?? 'text', row[name])
}

function bind(value: Bound): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}

function read(table: TableName, row: Readonly<Record<string, unknown>>): AnyRow {
  return Object.fromEntries(
    Object.entries(tableOf(table).columns).map(([name, { type }]) => {
      const value = row[name] ?? null
      if (value === null) return [name, null]
      if (type === 'boolean') return [name, value === 1]
      // Columns of these types hold nothing else: the tables are strict.
      return [name, type === 'json' ? JSON.parse(value as string) : (value as string | number)]
    }),
  )
}
