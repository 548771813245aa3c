import { z } from 'zod'
import { invalidInput } from '../invalid-input.ts'
import { rejectionError } from '../ledger-error.ts'

/** Longest correlation id that a caller may give. */
export const CORRELATION_ID_CHARACTERS = 128

/** What a header, a log line and an attribute of a CloudEvent can all hold as it is. */
const correlationIdSchema = z
  .string()
  .min(1)
  .max(CORRELATION_ID_CHARACTERS)
  .regex(/^[\x21-\x7e]+$/, 'holds what is not a visible ASCII character')

/** Throws `input-invalid` for a correlation id that not every reader of the ledger could take. */
export function checkCorrelationId(correlationId: unknown): void {
  if (correlationId === undefined) return
  const parsed = correlationIdSchema.safeParse(correlationId)
  if (!parsed.success) throw rejectionError(invalidInput('correlationId', parsed.error))
}
