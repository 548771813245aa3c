import type { ClientBase } from 'pg'
import { quoted } from '../sql/conditions.ts'
import { PROJECTION_VERSION, tableNames, tableOf } from '../tables/catalogue.ts'
import type { TableName } from '../tables/catalogue.ts'
import { views } from '../tables/views.ts'
import { columnSql, inSchema, storedType, tableSql, viewsSql } from './schema.ts'

/**
 * Gives tables of an older version the columns of this one, within the transaction that fills them anew. They stay the same tables, so rights on
 * them and views over them stay; our own views are made anew, with the rights that they had.
 */
export async function reshape(client: ClientBase, schema: string): Promise<void> {
  const rights = await rightsOnViews(client, schema)
  for (const { name } of views) await client.query(`drop view if exists ${inSchema(schema, name)}`)
  for (const table of tableNames) {
    const there = await columnsOf(client, schema, table)
    const statements = there.size === 0 ? tableSql(schema, table) : alterations(schema, table, there)
    for (const statement of statements) await client.query(statement)
  }
  for (const statement of [...viewsSql(schema), ...rights]) await client.query(statement)
  await client.query(`update ${inSchema(schema, 'projection_meta')} set version = $1`, [PROJECTION_VERSION])
}

function alterations(schema: string, table: TableName, there: ReadonlyMap<string, string>): readonly string[] {
  const { columns } = tableOf(table)
  const isSame = (column: string): boolean => {
    const type = columns[column]?.type
    return type !== undefined && there.get(column) === storedType(type)
  }
  const gone = [...there.keys()].filter((column) => !isSame(column))
  const fresh = Object.keys(columns).filter((column) => !isSame(column))
  if (gone.length === 0 && fresh.length === 0) return []
  const changes = [
    ...gone.map((column) => `drop column ${quoted(column)}`),
    ...fresh.map((column) => `add column ${columnSql(table, column)}`),
  ]
  // An empty table takes a column that must have a value.
  return [
    `delete from ${inSchema(schema, table)}`,
    `alter table ${inSchema(schema, table)} ${changes.join(', ')}`,
    ...tableSql(schema, table).filter((statement) => statement.startsWith('comment on')),
  ]
}

async function columnsOf(client: ClientBase, schema: string, table: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ column_name: string; data_type: string }>(
    'select column_name, data_type from information_schema.columns where table_schema = $1 and table_name = $2',
    [schema, table],
  )
  return new Map(rows.map(({ column_name: column, data_type: type }) => [column, type]))
}

async function rightsOnViews(client: ClientBase, schema: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('grant %s on %I.%I to %s', acl.privilege_type, n.nspname, c.relname,
       case when acl.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end) as statement
     from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) acl
     where n.nspname = $1 and c.relname = any($2::text[]) and c.relkind = 'v' and acl.grantee <> c.relowner`,
    [schema, views.map(({ name }) => name)],
  )
  return rows.map(({ statement }) => statement)
}
