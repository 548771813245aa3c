import { quoted, quotedList } from '../sql/conditions.ts'
import { tableNames, tableOf } from '../tables/catalogue.ts'
import type { TableName } from '../tables/catalogue.ts'
import type { ColumnType, Index } from '../tables/column.ts'
import { views } from '../tables/views.ts'

const TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'text',
  integer: 'bigint',
  boolean: 'boolean',
  timestamp: 'timestamptz',
  json: 'jsonb',
}

/** All tables, indexes, views and comments of a schema that is there. */
export function schemaSql(schema: string): string {
  const own = workerTables.map((text) => text.replace('$schema', quoted(schema)))
  return [...tableNames.flatMap((name) => tableSql(schema, name)), ...viewsSql(schema), ...own].join(';\n')
}

/** The views of a schema, which are made anew where a table has other columns. */
export function viewsSql(schema: string): readonly string[] {
  return views.flatMap(({ name, comment, table, where }) => [
    `create view ${inSchema(schema, name)} as select * from ${inSchema(schema, table)} where ${where}`,
    `comment on view ${inSchema(schema, name)} is ${literal(comment)}`,
  ])
}

/** One table with its indexes and comments. */
export function tableSql(schema: string, name: TableName): readonly string[] {
  const { comment, columns, key, indexes } = tableOf(name)
  const table = inSchema(schema, name)
  const lines = Object.keys(columns).map((column) => columnSql(name, column))
  return [
    `create table ${table} (\n  ${[...lines, `primary key (${quotedList(key)})`].join(',\n  ')}\n)`,
    ...indexes.map((index) => indexSql(schema, name, index)),
    `comment on table ${table} is ${literal(comment)}`,
    ...Object.entries(columns).map(
      ([column, { comment: about }]) => `comment on column ${table}.${quoted(column)} is ${literal(about)}`,
    ),
  ]
}

/** A column as a table's definition, or a change of it, names it. */
export function columnSql(table: TableName, column: string): string {
  const definition = tableOf(table).columns[column]
  if (definition === undefined) throw new Error(`${table} has no column ${column}`)
  return `${quoted(column)} ${TYPES[definition.type]}${definition.nullable ? '' : ' not null'}`
}

/** The type of a column as `information_schema` tells it. */
export function storedType(type: ColumnType): string {
  return type === 'timestamp' ? 'timestamp with time zone' : TYPES[type]
}

/** A name in a schema. */
export function inSchema(schema: string, name: string): string {
  return `${quoted(schema)}.${quoted(name)}`
}

const workerTables = [
  'create table if not exists $schema.projection_workers (worker text primary key, beat integer not null)',
  'create table if not exists $schema.projection_claims (environment text primary key, worker text not null)',
  'create table if not exists $schema.projection_meta (version integer not null)',
]

function indexSql(schema: string, table: TableName, { columns, equality, only }: Index): string {
  const where =
    only === undefined ? '' : ` where ${'isTrue' in only ? quoted(only.isTrue) : `${quoted(only.isNull)} is null`}`
  // A hash has no limit for the length of a value, as a tree has.
  const method = equality === true ? 'using hash ' : ''
  return `create index on ${inSchema(schema, table)} ${method}(${quotedList(columns)})${where}`
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
