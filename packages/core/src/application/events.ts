import { z } from 'zod'
import { nodeIdSchema } from '../graph/ids.ts'
import { declarationSchema } from './declaration.ts'

/** Facts about what the code declares. */
export const applicationEvents = {
  /** A model, recorded as its difference to the model `base` and in parts, so that its cost follows the change. */
  ApplicationModelRecorded: z.strictObject({
    /** SHA-256 over the canonical model. */
    digest: z.string(),
    base: z.string().nullable(),
    commit: z.string().max(256),
    part: z.number().int().positive(),
    parts: z.number().int().positive(),
    declared: z.array(declarationSchema),
    withdrawn: z.array(nodeIdSchema),
  }),
} as const
