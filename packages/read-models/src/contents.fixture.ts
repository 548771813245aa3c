import type { JsonValue } from '@infraledger/core'
import type { ReadModels } from './read-models.ts'
import { tableNames } from './tables/catalogue.ts'
import type { Row, TableName } from './tables/catalogue.ts'

/** All rows of all tables, by table, in the order of their keys. */
export type Contents = { readonly [T in TableName]: readonly Row<T>[] }

/** Reads everything that read models hold. */
export async function contentsOf(target: ReadModels): Promise<Contents> {
  const models = await target.open()
  try {
    return await models.transaction(async (transaction) => {
      const read: [string, readonly unknown[]][] = []
      for (const table of tableNames) read.push([table, await transaction.select(table, {})])
      // Each table has its own rows.
      return Object.fromEntries(read) as Contents
    })
  } finally {
    await models.close()
  }
}

/** Rows in the order of a text. */
export function sorted<T>(rows: readonly T[], by: (row: T) => string): T[] {
  return rows.toSorted((a, b) => (by(a) < by(b) ? -1 : Number(by(a) > by(b))))
}

/** JSON with sorted keys: PostgreSQL keeps no order of keys. A value that is not there, and null, are the same in a table. */
export function canonical(value: JsonValue | undefined): string {
  return JSON.stringify(value ?? null, (_, part: JsonValue) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
