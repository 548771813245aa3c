import { z } from 'zod'

/** A SHA-256 in text. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex')

/** A position in text: digits, because it may be larger than the numbers of JSON's readers. */
export const positionTextSchema = z.string().regex(/^[1-9]\d{0,18}$/, 'must be a whole number in digits')

const text = z.string().min(1)

/**
 * An event in a file: an export, a proof. `data` and `metadata` are the very text that its hash covers. Files written before positions had 64
 * bits hold numbers for them.
 */
export const recordedEventSchema = z.strictObject({
  id: text,
  stream: text,
  revision: z.number().int().nonnegative(),
  position: z.union([z.number().int().positive(), positionTextSchema]).transform(BigInt),
  type: text,
  schemaVersion: z.number().int().positive(),
  data: text.refine(isJson, 'must be JSON text'),
  metadata: text,
  recordedAt: text,
  previousHash: sha256Schema,
  hash: sha256Schema,
})

function isJson(value: string): boolean {
  try {
    JSON.parse(value)
    return true
  } catch {
    return false
  }
}
