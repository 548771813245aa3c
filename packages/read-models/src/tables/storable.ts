import type { JsonValue } from '@infraledger/core'
import type { ColumnType } from './column.ts'

/** A value as it is bound to a column: JSON as text, everything else as it is. */
export function storable(type: ColumnType, value: JsonValue | undefined): string | number | boolean | null {
  if (value === undefined || value === null) return null
  return type === 'json' || typeof value === 'object' ? JSON.stringify(value) : value
}
