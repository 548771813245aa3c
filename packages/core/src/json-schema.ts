import { z } from 'zod'
import type { JsonValue, Properties } from './json.ts'

/** Deepest nesting of a property value. */
const DEPTH = 32

/** Accepts exactly what JSON can hold: no undefined, NaN, Date, bigint or class instances. */
export const jsonValueSchema = z.custom<JsonValue>((value) => isJson(value, DEPTH), { message: 'must be a JSON value' })

/** Flat properties; keys are literal, so no nesting by dots. */
export const propertiesSchema = z.custom<Properties>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && isJson(value, DEPTH),
  { message: 'must be an object of JSON values' },
)

function isJson(value: unknown, depth: number): boolean {
  if (depth < 0) return false
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object':
      if (value === null) return true
      if (Array.isArray(value)) return value.every((item) => isJson(item, depth - 1))
      return isPlainObject(value) && Object.values(value).every((item) => isJson(item, depth - 1))
    default:
      return false
  }
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
