import type { JsonValue } from '@infraledger/core'
import { tableOf } from '../tables/catalogue.ts'
import type { Row, TableName } from '../tables/catalogue.ts'

/** A row whose table is known at run time only. */
export type AnyRow = { [column: string]: JsonValue }

/** What a row must be like: a value, one of several, at least or below one. */
export type Condition =
  | JsonValue
  | { readonly in: readonly string[] }
  | { readonly atLeast: string }
  | { readonly below: number }

/** A change of all rows that meet some conditions. Made after all rows of its batch are written, in order. */
export type Update = {
  readonly table: TableName
  readonly set: AnyRow
  readonly where: { readonly [column: string]: Condition }
}

/** What a batch of events changes: rows to write by their key, columns of rows known by key only, and updates. */
export type Changes = {
  readonly rows: ReadonlyMap<TableName, readonly AnyRow[]>
  /** Each has the columns of the key, and those to set. */
  readonly patches: ReadonlyMap<TableName, readonly AnyRow[]>
  readonly updates: readonly Update[]
}

/** What the tables hold, as far as a batch of events concerns it, and what the batch makes of it. Rows are changed by `put` alone. */
export interface WorkingSet {
  /** The row of a key. */
  get<T extends TableName>(table: T, key: readonly JsonValue[]): Row<T> | undefined
  /** The rows that have a value in a column, of those that were loaded or put. */
  having<T extends TableName>(table: T, column: keyof Row<T> & string, value: string): readonly Row<T>[]
  /** Takes in what the tables held before the batch. */
  load(table: TableName, rows: readonly AnyRow[]): void
  /** Writes a row, a new one or in place of the one of the same key. */
  put<T extends TableName>(table: T, row: Row<T>): void
  /** Sets columns of a row that is there, by the columns of its key. */
  patch<T extends TableName>(table: T, row: Partial<Row<T>>): void
  update(update: Update): void
  changes(): Changes
}

type Held = {
  readonly rows: Map<string, AnyRow>
  readonly written: Set<string>
  readonly patches: Map<string, AnyRow>
  /** By column and value, the keys; made for columns that are asked for. */
  readonly indexes: Map<string, Map<string, Set<string>>>
}

/** Nothing is loaded yet. */
export function workingSet(): WorkingSet {
  const held = new Map<TableName, Held>()
  const updates: Update[] = []

  function of(table: TableName): Held {
    const known = held.get(table)
    if (known !== undefined) return known
    const fresh = { rows: new Map(), written: new Set<string>(), patches: new Map(), indexes: new Map() }
    held.set(table, fresh)
    return fresh
  }

  function keep(into: Held, key: string, row: AnyRow): void {
    into.rows.set(key, row)
    for (const [column, index] of into.indexes) addTo(index, row[column], key)
  }

  return {
    // Rows come in through `load` and `put` alone, under the name of their table.
    get: (table, key) => held.get(table)?.rows.get(JSON.stringify(key)) as never,
    having(table, column, value) {
      const { rows, indexes } = of(table)
      let index = indexes.get(column)
      if (index === undefined) {
        index = new Map()
        for (const [key, row] of rows) addTo(index, row[column], key)
        indexes.set(column, index)
      }
      return [...(index.get(value) ?? [])].flatMap((key) => {
        const row = rows.get(key)
        return row?.[column] === value ? [row as never] : []
      })
    },
    load(table, rows) {
      const into = of(table)
      for (const row of rows) {
        const key = keyOf(table, row)
        if (!into.rows.has(key)) keep(into, key, row)
      }
    },
    put(table, row) {
      const [into, key] = [of(table), keyOf(table, row)]
      keep(into, key, row)
      into.written.add(key)
    },
    patch(table, row) {
      const [into, key] = [of(table), keyOf(table, row as AnyRow)]
      const known = into.rows.get(key)
      if (known !== undefined) {
        keep(into, key, { ...known, ...(row as AnyRow) })
        into.written.add(key)
      } else into.patches.set(key, { ...into.patches.get(key), ...(row as AnyRow) })
    },
    update: (update) => void updates.push(update),
    changes() {
      const [rows, patches] = [new Map<TableName, AnyRow[]>(), new Map<TableName, AnyRow[]>()]
      for (const [table, { rows: all, written, patches: some }] of held) {
        const changed = [...written].map((key) => all.get(key)).filter((row) => row !== undefined)
        if (changed.length > 0) rows.set(table, changed)
        if (some.size > 0) patches.set(table, [...some.values()])
      }
      return { rows, patches, updates }
    },
  }
}

function addTo(index: Map<string, Set<string>>, value: JsonValue | undefined, key: string): void {
  if (typeof value !== 'string') return
  const keys = index.get(value)
  if (keys === undefined) index.set(value, new Set([key]))
  else keys.add(key)
}

function keyOf(table: TableName, row: AnyRow): string {
  return JSON.stringify(tableOf(table).key.map((column) => row[column]))
}
