/**
 * Text of a state: JSON that also keeps maps, sets, and which objects are one and the same (models share their declarations, pending
 * requests stand in two indexes). Objects are numbered in the order in which they are met; one that is met again is named by its number.
 */
type Text = null | boolean | number | string | readonly Text[] | { readonly [key: string]: Text | undefined }

const TAGS: ReadonlySet<string> = new Set(['$map', '$set', '$same', '$plain'])

/** Turns plain data with maps and sets into JSON text. */
export function toText(value: unknown): string {
  const numbers = new Map<object, number>()

  function encode(part: unknown): Text | undefined {
    if (part === undefined || typeof part === 'function' || typeof part === 'symbol') return undefined
    // What is neither an object nor one of the above is a JSON scalar: states hold no bigint.
    if (typeof part !== 'object' || part === null) return part as Text
    const known = numbers.get(part)
    if (known !== undefined) return { $same: known }
    numbers.set(part, numbers.size)
    if (Array.isArray(part)) return part.map((item) => encode(item) ?? null)
    if (part instanceof Map)
      return { $map: [...part].flatMap(([key, member]) => [encode(key) ?? null, encode(member) ?? null]) }
    if (part instanceof Set) return { $set: [...part].map((member) => encode(member) ?? null) }
    const fields = Object.entries(part)
    if (fields.some(([key]) => TAGS.has(key)))
      return { $plain: fields.flatMap(([key, field]) => [key, encode(field) ?? null]) }
    return Object.fromEntries(fields.map(([key, field]) => [key, encode(field)]))
  }

  return JSON.stringify(encode(value) ?? null)
}

/** Turns text made by {@link toText} back into what it was made of. Fields that were undefined are left out. */
export function fromText(text: string): unknown {
  const met: unknown[] = []

  function meet<Container>(container: Container): Container {
    met.push(container)
    return container
  }

  function decode(part: Text): unknown {
    if (typeof part !== 'object' || part === null) return part
    if (isList(part)) {
      const list = meet<unknown[]>([])
      for (const item of part) list.push(decode(item))
      return list
    }
    const { $map, $set, $same, $plain } = part
    if (typeof $same === 'number') return met[$same]
    if (isList($map)) {
      const map = meet(new Map<unknown, unknown>())
      for (const [key, member] of pairs($map)) map.set(decode(key), decode(member))
      return map
    }
    if (isList($set)) {
      const set = meet(new Set<unknown>())
      for (const member of $set) set.add(decode(member))
      return set
    }
    const fields = meet<Record<string, unknown>>({})
    if (isList($plain)) {
      for (const [key, field] of pairs($plain)) if (typeof key === 'string') define(fields, key, decode(field))
    } else for (const [key, field] of Object.entries(part)) if (field !== undefined) define(fields, key, decode(field))
    return fields
  }

  // What toText wrote is of this shape.
  return decode(JSON.parse(text) as Text)
}

function isList(part: Text | undefined): part is readonly Text[] {
  return Array.isArray(part)
}

function* pairs(list: readonly Text[]): Generator<readonly [Text, Text]> {
  for (let index = 0; index + 1 < list.length; index += 2) yield [list[index] ?? null, list[index + 1] ?? null]
}

/** Sets a field of any name, also `__proto__`. */
function define(fields: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true })
  else fields[key] = value
}
