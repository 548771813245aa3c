/** A value of a property as text: texts as they are, numbers and flags written out, anything else as `otherwise`. */
export function textOf(value: unknown, otherwise = ''): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : otherwise
}

/** The value where it is a text. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The value where it is a number. */
export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** The members of a list as texts; none where it is no list. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map((member) => textOf(member)) : []
}
