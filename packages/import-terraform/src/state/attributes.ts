import type { JsonValue } from '@infraledger/core/adapter'

/** The attributes of one instance, by their Terraform name. */
export type Attributes = { readonly [attribute: string]: JsonValue }

/** Whether a value is a JSON object, and not a list or null. */
export function isAttributes(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The value at a dotted path. A block is a list of one object in a state, so a step into a list of one goes into its object:
 * `settings.tier` finds it in `{ "settings": [{ "tier": … }] }`.
 */
export function attributeAt(attributes: Attributes, path: string): JsonValue | undefined {
  let found: JsonValue | undefined = attributes
  for (const step of path.split('.')) {
    const inside: JsonValue | undefined = Array.isArray(found) && found.length === 1 ? found[0] : found
    if (!isAttributes(inside) || !Object.hasOwn(inside, step)) return undefined
    found = inside[step]
  }
  return found
}

/** The text at a path; undefined where there is none or it is empty. */
export function textAt(attributes: Attributes, path: string): string | undefined {
  const found = attributeAt(attributes, path)
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** The yes or no at a path; states that came from 0.11 hold it as text. */
export function flagAt(attributes: Attributes, path: string): boolean | undefined {
  const found = attributeAt(attributes, path)
  if (found === 'true' || found === 'false') return found === 'true'
  return typeof found === 'boolean' ? found : undefined
}

/** The number at a path; states that came from 0.11 hold it as text. */
export function numberAt(attributes: Attributes, path: string): number | undefined {
  const found = attributeAt(attributes, path)
  if (typeof found === 'string' && /^-?\d+(?:\.\d+)?$/.test(found)) return Number(found)
  return typeof found === 'number' ? found : undefined
}
