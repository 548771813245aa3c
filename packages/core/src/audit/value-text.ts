import { isSecretReference } from '../graph/secret.ts'
import type { JsonValue, Properties } from '../json.ts'

const LONGEST = 80

/** A property value for people: short, and never a secret. */
export function valueText(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing'
  if (isSecretReference(value)) return '(secret)'
  const text = JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}

const MOST = 4

/** What a change sets and unsets, for people: the first few properties, and how many more. */
export function changeText(set: Properties, unset: readonly string[] = []): string {
  const parts = [
    ...Object.entries(set).map(([property, value]) => `${property} = ${valueText(value)}`),
    ...unset.map((property) => `${property} gone`),
  ]
  const more = parts.length > MOST ? `, and ${parts.length - MOST} more` : ''
  return parts.length === 0 ? 'nothing' : `${parts.slice(0, MOST).join(', ')}${more}`
}

/** `1 node`, `2 nodes`. */
export function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`
}
