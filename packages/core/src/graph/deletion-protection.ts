import type { JsonValue } from '../json.ts'

/** The neutral property that keeps everybody from deleting a resource at the provider (PROTECT 4). */
export const DELETION_PROTECTION = 'deletionProtection'

/** Whether a value would switch deletion protection off. Only a person does that, at the provider: there is no way to it from here. */
export function clearsProtection(property: string, value: JsonValue): boolean {
  return property === DELETION_PROTECTION && value !== true
}
