import type { JsonValue } from '@infraledger/core'
import type { Condition, Update } from '../projection/working-set.ts'
import { tableOf } from '../tables/catalogue.ts'
import type { TableName } from '../tables/catalogue.ts'
import { storable } from '../tables/storable.ts'

/** A value that is bound to a statement. */
export type Bound = string | number | boolean | null | readonly string[]

/** SQL text, and the values of its placeholders in order. */
export type Sql = { readonly text: string; readonly values: readonly Bound[] }

/** How a dialect writes what differs: the placeholder of the n-th value (from 1), and that a column is one of several texts. */
export type Placeholders = {
  readonly value: (n: number) => string
  readonly oneOf: (column: string, n: number) => string
}

/** A name in SQL. All names are ours, but for the schema, which is checked where it comes in. */
export function quoted(name: string): string {
  return `"${name}"`
}

/** Several names, separated by commas. */
export function quotedList(names: readonly string[]): string {
  return names.map(quoted).join(', ')
}

/** ` where …` for conditions, of which the values begin behind `bound`; nothing where there are none. */
export function whereSql(table: TableName, where: Update['where'], { value, oneOf }: Placeholders, bound = 0): Sql {
  const values: Bound[] = []
  const next = (bind: Bound): number => bound + values.push(bind)
  const terms = Object.entries(where).map(([name, condition]) => {
    const column = quoted(name)
    if (condition === null) return `${column} is null`
    if (isOneOf(condition)) return oneOf(column, next(condition.in))
    if (isAtLeast(condition)) return `${column} >= ${value(next(condition.atLeast))}`
    // The sign keeps a planner from walking over everything below by an index: another condition finds far fewer rows.
    if (isBelow(condition)) return `+${column} < ${value(next(condition.below))}`
    return `${column} = ${value(next(bindable(table, name, condition)))}`
  })
  return { text: terms.length === 0 ? '' : ` where ${terms.join(' and ')}`, values }
}

/** `"a" = …, "b" = …` for columns to set. */
export function setSql(table: TableName, set: Update['set'], { value }: Placeholders): Sql {
  const entries = Object.entries(set)
  return {
    text: entries.map(([name], index) => `${quoted(name)} = ${value(index + 1)}`).join(', '),
    values: entries.map(([name, to]) => bindable(table, name, to)),
  }
}

function bindable(table: TableName, column: string, value: JsonValue): Bound {
  return storable(tableOf(table).columns[column]?.type ?? 'text', value)
}

function isOneOf(condition: Condition): condition is { readonly in: readonly string[] } {
  return typeof condition === 'object' && condition !== null && 'in' in condition
}

function isAtLeast(condition: Condition): condition is { readonly atLeast: string } {
  return typeof condition === 'object' && condition !== null && 'atLeast' in condition
}

function isBelow(condition: Condition): condition is { readonly below: number } {
  return typeof condition === 'object' && condition !== null && 'below' in condition
}
