/** A value as JSON text. Positions have 64 bits, more than most readers of JSON keep of a number: they are written as digits in a text. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? String(member) : member), indent)
}
