import { z } from 'zod'

/** The version of the export's form that this library writes and reads. */
export const EXPORT_VERSION = 1

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex')
const text = z.string().min(1)

/** The first line: what the file is, when it was made, and how its store counts positions. */
export const exportHeaderSchema = z.strictObject({
  format: z.literal('infraledger'),
  version: z.number().int().positive(),
  /** ISO 8601. */
  exportedAt: z.iso.datetime(),
  positions: z.enum(['dense', 'monotonic']),
})

/** Digits, because a position may be larger than the numbers of JSON's readers; files written before positions had 64 bits hold numbers. */
const exportedPosition = z
  .union([z.number().int().positive(), z.string().regex(/^[1-9]\d{0,18}$/, 'must be a whole number in digits')])
  .transform(BigInt)

/** A line between the first and the last: one event, with `data` and `metadata` as the very text that its hash covers. */
export const exportedEventSchema = z.strictObject({
  id: text,
  stream: text,
  revision: z.number().int().nonnegative(),
  position: exportedPosition,
  type: text,
  schemaVersion: z.number().int().positive(),
  data: text.refine(isJson, 'must be JSON text'),
  metadata: text,
  recordedAt: text,
  previousHash: sha256,
  hash: sha256,
})

/** The last line: how many events there are, and where each stream ends. Without it, the file was cut off. */
export const exportEndSchema = z.strictObject({
  end: z.literal(true),
  events: z.number().int().nonnegative(),
  heads: z.record(z.string(), z.strictObject({ revision: z.number().int().nonnegative(), hash: sha256 })),
})

export type ExportHeader = z.infer<typeof exportHeaderSchema>
export type ExportEnd = z.infer<typeof exportEndSchema>

/**
 * One line of the export, with its line end. The two separators that JSON allows in texts are escaped, because some readers of lines,
 * Node's among them, end a line there.
 */
export function exportLine(value: object): string {
  return `${JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value)
    return true
  } catch {
    return false
  }
}
