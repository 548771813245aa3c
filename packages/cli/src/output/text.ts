import { isSecretReference } from '@infraledger/core/adapter'
import type { JsonValue } from '@infraledger/core/adapter'

/** Control characters, and those that reverse the direction of what follows. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const COMMANDING = /[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g

/** Text from a ledger as a terminal may have it: nothing in it commands the terminal, and it stays on its line. */
export function plain(text: string): string {
  return text.replaceAll(
    COMMANDING,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}

/** Longest value that is shown whole in a line of text; `--json` gives all of it. */
const VALUE_SHOWN = 200

/** A property value on one line, as JSON; `-` where there is none. Of a secret there is a fingerprint at most. */
export function showValue(value: JsonValue | undefined): string {
  if (value === undefined) return '-'
  if (isSecretReference(value)) return showSecret(value.$secret)
  const text = plain(JSON.stringify(value))
  return text.length <= VALUE_SHOWN ? text : `${text.slice(0, VALUE_SHOWN)}… (${text.length} characters)`
}

function showSecret({
  fingerprint,
  reference,
}: {
  readonly fingerprint?: string
  readonly reference?: string
}): string {
  const told = reference === undefined ? fingerprint?.slice(0, 8) : reference
  return told === undefined ? 'secret' : `secret ${plain(told)}`
}

/** `1 node`, `2 nodes`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

/** A moment (ISO 8601) to the second, as people read it. */
export function showMoment(moment: string | undefined): string {
  return moment === undefined ? '-' : plain(moment.replace(/\.\d+Z$/, 'Z'))
}
