import { z } from 'zod'
import { invalidInput } from '../invalid-input.ts'
import { rejectionError } from '../ledger-error.ts'
import { actorSchema, system } from './actor.ts'
import type { Actor } from './actor.ts'

/** Longest id of a subject, in characters. */
export const SUBJECT_CHARACTERS = 256

/** Control and format characters, and separators of lines: two ids that look the same would not be the same. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** An id of somebody, as it comes from outside: bounded, and nothing in it that cannot be seen. */
export const subjectSchema = z
  .string()
  .min(1)
  .max(SUBJECT_CHARACTERS)
  .refine(
    (id) => id.length > SUBJECT_CHARACTERS || (id.isWellFormed() && id === id.trim() && !UNSEEN.test(id)),
    'holds characters that cannot be seen, or begins or ends with a space',
  )

const actorInputSchema = actorSchema
  .extend({ id: subjectSchema })
  .refine(({ assurance, issuer }) => assurance === 'authenticated' || issuer === undefined, {
    path: ['issuer'],
    message: 'only an authenticated actor has an issuer',
  })

/**
 * Reads who acts, as a caller says it: a copy that nobody changes any more, so that what was checked is what is recorded. An actor that
 * was proven by this ledger is that very value. Throws `input-invalid`.
 */
export function readActor(actor: unknown, isProven: (actor: unknown) => actor is Actor): Actor {
  if (actor === system) return system
  if (isProven(actor)) return actor
  const parsed = actorInputSchema.safeParse(actor)
  if (!parsed.success) throw rejectionError(invalidInput('the actor', parsed.error))
  return Object.freeze(parsed.data)
}
