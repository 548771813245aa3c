import { createHash } from 'node:crypto'

/**
 * Tags that the adapter puts on what it makes and changes, because RDS keeps no idempotency key: under which key a resource was made, and
 * the last keys of its updates. They are no labels: never reported, compared or planned.
 */
const PREFIX = 'infraledger:'
const CREATED_BY = `${PREFIX}key`
const APPLIED = `${PREFIX}applied`

/** A tag's value has 256 characters at most, of letters, digits, spaces and `_ . : / = + - @` (RDS User Guide, "Tagging Amazon RDS resources"). */
const VALUE_FORM = /^[\p{L}\p{N} _.:/=+\-@]{1,256}$/u
const KEYS_REMEMBERED = 15
const DIGEST_CHARACTERS = 16

type Tag = { readonly Key: string; readonly Value: string }

/** What the marks of a resource say. */
export type Marks = { readonly idempotencyKey?: string; readonly applied: readonly string[] }

/** Whether a tag is a mark of the adapter's. */
export function isMark(key: string): boolean {
  return key.startsWith(PREFIX)
}

/** The marks among the tags of a resource. */
export function marksOf(tags: readonly Tag[] | undefined): Marks {
  const valueOf = (key: string): string | undefined => tags?.find((tag) => tag.Key === key)?.Value
  const key = valueOf(CREATED_BY)
  const applied = (valueOf(APPLIED) ?? '').split(' ').filter((digest) => digest !== '')
  return { applied, ...(key === undefined ? {} : { idempotencyKey: key }) }
}

/** The mark of a creation: its key, and whose it is in the ledger. */
export function creationMarks(key: string, origin: { environment: string; node: string } | undefined): readonly Tag[] {
  const said = origin === undefined ? [] : [tag('environment', origin.environment), tag('node', origin.node)]
  return [{ Key: CREATED_BY, Value: keyAsValue(key) }, ...said]
}

/** The key of a creation as the mark holds it. */
export function keyAsValue(key: string): string {
  return VALUE_FORM.test(key) ? key : `sha256:${createHash('sha256').update(key).digest('hex')}`
}

/** Whether an update of that key was applied to a resource with these marks. */
export function wasApplied({ applied }: Marks, key: string): boolean {
  return applied.includes(keyDigest(key))
}

/** The mark of an update: its key is added to the last ones. */
export function appliedMark({ applied }: Marks, key: string): Tag {
  return { Key: APPLIED, Value: [...applied, keyDigest(key)].slice(-KEYS_REMEMBERED).join(' ') }
}

function tag(name: string, value: string): Tag {
  return { Key: `${PREFIX}${name}`, Value: VALUE_FORM.test(value) ? value : keyAsValue(value) }
}

/** A short digest of a key: tells keys apart without telling them. */
export function keyDigest(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, DIGEST_CHARACTERS)
}
