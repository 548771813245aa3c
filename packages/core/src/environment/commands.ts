import { z } from 'zod'
import { subjectSchema } from '../access/actor-input.ts'
import { environmentEvents, environmentNameSchema, roleSchema } from './events.ts'
import { policiesSchema } from './policies.ts'

/** What an environment is created with. */
export const environmentInputSchema = z.strictObject({
  name: environmentNameSchema,
  type: z.enum(['production', 'development', 'preview']),
  /** Where its resources are created, first come first. */
  clouds: environmentEvents.EnvironmentCreated.shape.clouds.default([]),
  /** Approvals that a plan with infrastructure changes needs; default none. */
  approvals: policiesSchema.shape.approvals.default({ required: 0 }),
  /** Drift rules before the type's own (DRIFT 16). */
  drift: policiesSchema.shape.drift.default([]),
  /** Default: `authenticated` for production in a ledger with an authenticator, else `asserted` (ACCESS 2). */
  identity: policiesSchema.shape.identity,
})

export type EnvironmentInput = z.input<typeof environmentInputSchema>

const reasonSchema = z.string().trim().min(1, 'says why').max(4_096)
const subject = subjectSchema

/** What persons decide about an environment as a whole, as it comes from outside. */
export const environmentCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('create-environment'), input: environmentInputSchema }),
  z.strictObject({ type: z.literal('change-policies'), policies: policiesSchema }),
  z.strictObject({
    type: z.literal('approve-policy-change'),
    proposal: z.string(),
    comment: z.string().max(4_096).optional(),
  }),
  z.strictObject({ type: z.literal('withdraw-policy-change'), proposal: z.string(), reason: reasonSchema }),
  z.strictObject({ type: z.literal('reject-policy-change'), proposal: z.string(), reason: reasonSchema }),
  z.strictObject({ type: z.literal('grant-role'), subject, role: roleSchema }),
  z.strictObject({ type: z.literal('revoke-role'), subject, role: roleSchema }),
  z.strictObject({
    type: z.literal('acknowledge-alert'),
    alert: z.string(),
    comment: z.string().max(4_096).optional(),
  }),
])

export type EnvironmentCommand = z.input<typeof environmentCommandSchema>
