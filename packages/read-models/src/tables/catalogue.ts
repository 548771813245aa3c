import { auditTables } from './audit-tables.ts'
import { bookkeepingTables } from './bookkeeping-tables.ts'
import type { RowOf, Table } from './column.ts'
import { deploymentTables } from './deployment-tables.ts'
import { environmentTables } from './environment-tables.ts'
import { graphTables } from './graph-tables.ts'

/** Every table that is made of the ledger's events, by name: names, columns and their meaning are public API. */
export const tables = {
  ...environmentTables,
  ...graphTables,
  ...deploymentTables,
  ...auditTables,
  ...bookkeepingTables,
} as const

/** The version of these tables and of what the projection writes into them. Another one is rebuilt beside and swapped. */
export const PROJECTION_VERSION = 1

export type TableName = keyof typeof tables

/** A row of a table. */
export type Row<T extends TableName> = RowOf<(typeof tables)[T]['columns']>

/** The definition of a table whose name is known at run time only. */
export function tableOf(name: TableName): Table {
  return tables[name]
}

/** The names of all tables, in the order in which they are made. */
export const tableNames: readonly TableName[] = Object.keys(tables) as TableName[] // the keys of the literal above
