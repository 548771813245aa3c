import type { Actor, JsonValue } from '@infraledger/core'
import { isSecretReference } from '@infraledger/core/adapter'
import type { EventMetadata } from '@infraledger/core/rules'

/** `user ada`, `system infraledger`: how an actor stands in the tables. */
export function actorText({ type, id }: Pick<Actor, 'type' | 'id'>): string {
  return `${type} ${id}`
}

/** A value for people: text as it is, everything else as JSON; never a secret. Null where there is none. */
export function valueText(value: JsonValue | undefined): string | null {
  if (value === undefined) return null
  if (isSecretReference(value)) return '(secret)'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/**
 * A moment in the one form that all of them have in the tables, so that they compare as text: ISO 8601 in UTC with milliseconds. Null where it is
 * not known, or nothing that both databases take for a moment.
 */
export function momentOrNull(time: string | undefined): string | null {
  const parsed = time === undefined ? NaN : Date.parse(time)
  return parsed >= FIRST && parsed <= LAST ? new Date(parsed).toISOString() : null
}

/** The moment at which an event happened in the world, where that is known, else when it was recorded. */
export function happenedAt({ effectiveAt, recordedAt }: Pick<EventMetadata, 'effectiveAt' | 'recordedAt'>): string {
  return momentOrNull(effectiveAt) ?? recordedAt
}

/** Years of four digits: what lies outside has another form in ISO 8601, or none. */
const [FIRST, LAST] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59Z')]
