import { quoted, quotedList } from '../sql/conditions.ts'
import { tableNames, tableOf } from '../tables/catalogue.ts'
import type { TableName } from '../tables/catalogue.ts'
import type { ColumnType, Index } from '../tables/column.ts'
import { views } from '../tables/views.ts'

/** Marks a file as read models in SQLite's own header: "ILRM" in ASCII. The version of the tables is its `user_version`. */
export const APPLICATION_ID = 0x49_4c_52_4d

const TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'text',
  integer: 'integer',
  boolean: 'integer',
  timestamp: 'text',
  json: 'text',
}

/** All tables, indexes and views. What a table and its columns tell stands as comments in its text, which `.schema` shows. */
export function schemaSql(): string {
  return [...tableNames.flatMap(tableSql), ...views.map(viewSql), ...workerTables].join(';\n')
}

/** Removes what {@link schemaSql} makes, but for the tables of workers, which are not made of events. */
export function dropSql(): string {
  return [
    ...views.map(({ name }) => `drop view if exists main.${quoted(name)}`),
    ...tableNames.map((name) => `drop table if exists main.${quoted(name)}`),
  ].join(';\n')
}

const workerTables = [
  'create table if not exists projection_workers (worker text primary key, beat integer not null) strict',
  'create table if not exists projection_claims (environment text primary key, worker text not null) strict',
]

function tableSql(name: TableName): readonly string[] {
  const { comment, columns, key, indexes } = tableOf(name)
  const lines = Object.entries(columns).map(([column, { type, nullable, comment: about }]) => {
    const check = type === 'boolean' ? ` check (${quoted(column)} in (0, 1))` : ''
    return `  ${quoted(column)} ${TYPES[type]}${nullable ? '' : ' not null'}${check}, -- ${about}`
  })
  const text = [
    `create table ${quoted(name)} ( -- ${comment}`,
    ...lines,
    `  primary key (${quotedList(key)})`,
    ') strict',
  ]
  return [text.join('\n'), ...indexes.map((index) => indexSql(name, index))]
}

function indexSql(table: TableName, { columns, only }: Index): string {
  const where =
    only === undefined
      ? ''
      : 'isTrue' in only
        ? ` where ${quoted(only.isTrue)}`
        : ` where ${quoted(only.isNull)} is null`
  const name = `${table}_by_${columns.filter((column) => column !== 'environment').join('_')}${only === undefined ? '' : '_open'}`
  return `create index ${quoted(name)} on ${quoted(table)} (${quotedList(columns)})${where}`
}

function viewSql({ name, table, where }: (typeof views)[number]): string {
  return `create view ${quoted(name)} as select * from ${quoted(table)} where ${where}`
}
