import type { Lookup } from '../projection/lookups.ts'
import type { Update } from '../projection/working-set.ts'

/** A lookup in an environment as conditions. */
export function conditionsOf(environment: string, { column, values, only }: Lookup): Update['where'] {
  const one = only === undefined ? {} : 'isTrue' in only ? { [only.isTrue]: true } : { [only.isNull]: null }
  return { environment, [column]: { in: values }, ...one }
}
