import { z } from 'zod'
import { sha256Schema } from '../event-store/event-schema.ts'

/** The version of the export's form that this library writes and reads. */
export const EXPORT_VERSION = 1

/** The first line: what the file is, when it was made, and how its store counts positions. */
export const exportHeaderSchema = z.strictObject({
  format: z.literal('infraledger'),
  version: z.number().int().positive(),
  /** ISO 8601. */
  exportedAt: z.iso.datetime(),
  positions: z.enum(['dense', 'monotonic']),
})

/** The last line: how many events there are, and where each stream ends. Without it, the file was cut off. */
export const exportEndSchema = z.strictObject({
  end: z.literal(true),
  events: z.number().int().nonnegative(),
  heads: z.record(z.string(), z.strictObject({ revision: z.number().int().nonnegative(), hash: sha256Schema })),
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
