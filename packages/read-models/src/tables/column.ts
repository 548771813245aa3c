import type { JsonValue } from '@infraledger/core'

/**
 * What a column holds, in both dialects: `text`; `integer`; `boolean` (0 and 1 in SQLite); `timestamp` (ISO 8601 text in UTC with milliseconds
 * in SQLite, `timestamptz` in PostgreSQL); `json` (JSON text in SQLite, `jsonb` in PostgreSQL).
 */
export type ColumnType = 'text' | 'integer' | 'boolean' | 'timestamp' | 'json'

/** One column, and what it tells: the comment is part of the contract. */
export type Column<T extends ColumnType = ColumnType, N extends boolean = boolean> = {
  readonly type: T
  readonly nullable: N
  readonly comment: string
}

/** The columns of a table, by name, in order. */
export type Columns = { readonly [name: string]: Column }

/** A way to find rows fast. `equality` finds by one value of any length; the others also sort and are limited to short values. */
export type Index = {
  readonly columns: readonly string[]
  readonly equality?: true
  /** Covers the rows of which this boolean column is true, or this nullable column is null. */
  readonly only?: { readonly isTrue: string } | { readonly isNull: string }
}

/** A table of the read models. */
export type Table<C extends Columns = Columns> = {
  readonly comment: string
  readonly columns: C
  readonly key: readonly string[]
  readonly indexes: readonly Index[]
}

type ValueOf<T extends ColumnType> = {
  text: string
  integer: number
  boolean: boolean
  timestamp: string
  json: JsonValue
}[T]

/** A row of a table with these columns. */
export type RowOf<C extends Columns> = {
  -readonly [Name in keyof C]: C[Name] extends Column<infer T, infer N>
    ? ValueOf<T> | (N extends true ? null : never)
    : never
}

/** Defines a table; every one begins with the environment that its rows belong to. */
export function table<const C extends Columns>(definition: {
  readonly comment: string
  readonly columns: C
  readonly key: readonly (keyof C & string)[]
  readonly indexes?: readonly Index[]
}): Table<C> {
  return { indexes: [], ...definition }
}

/** A column that always has a value. */
export function always<T extends ColumnType>(type: T, comment: string): Column<T, false> {
  return { type, nullable: false, comment }
}

/** A column that may be null: nothing is known, or it does not apply. */
export function maybe<T extends ColumnType>(type: T, comment: string): Column<T, true> {
  return { type, nullable: true, comment }
}

/** The column that every table begins with. */
export const environment: Column<'text', false> = always('text', 'Name of the environment that the row belongs to')
