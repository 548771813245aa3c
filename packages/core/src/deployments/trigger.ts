import { z } from 'zod'
import { invalidInput } from '../invalid-input.ts'
import { LedgerError, rejectionError } from '../ledger-error.ts'

const subject = z.string().min(1).max(256)

/** What set a deployment off (DEPLOY 1). */
export const triggerSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('git-push'),
    commit: z.string().min(1).max(256),
    ref: z.string().min(1).max(1_024),
    pusher: subject,
  }),
  z.strictObject({ type: z.literal('manual'), commit: z.string().min(1).max(256), user: subject }),
  z.strictObject({ type: z.literal('api'), commit: z.string().min(1).max(256), client: subject }),
  z.strictObject({
    type: z.literal('pull-request'),
    commit: z.string().min(1).max(256),
    number: z.number().int().positive(),
  }),
  z.strictObject({
    type: z.literal('system'),
    commit: z.string().min(1).max(256),
    reason: z.string().min(1).max(1_024),
  }),
])

/** What set a deployment off, and for which commit. */
export type Trigger = Readonly<z.infer<typeof triggerSchema>>

/** A push of `commit` to `ref` by `pusher`. */
export function gitPush(push: { commit: string; ref: string; pusher: string }): Trigger {
  return { type: 'git-push', ...push }
}

/** A person started it by hand. */
export function manual(start: { commit: string; user: string }): Trigger {
  return { type: 'manual', ...start }
}

/** An API client or service account started it. */
export function api(start: { commit: string; client: string }): Trigger {
  return { type: 'api', ...start }
}

/** Reads a trigger from outside. Throws `trigger-user-missing` for a manual one without a user (DEPLOY 1), else `input-invalid`. */
export function parseTrigger(input: unknown): Trigger {
  const parsed = triggerSchema.safeParse(input)
  if (parsed.success) return parsed.data
  const isManual = typeof input === 'object' && input !== null && 'type' in input && input.type === 'manual'
  if (isManual && parsed.error.issues.some(({ path }) => path[0] === 'user')) {
    throw new LedgerError('trigger-user-missing', 'a deployment that is started by hand names the user who did', {
      trigger: 'manual',
    })
  }
  throw rejectionError(invalidInput('trigger', parsed.error))
}
