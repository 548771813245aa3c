import { z } from 'zod'

const reason = z.string().trim().min(1, 'must say why').max(4_096)
/** Longer than any phrase; compared as it is. */
const challenge = z.string().max(1_024)

/** What ends an environment, as it comes from outside. */
export const destructionCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('destroy-environment'),
    /** Id of the deployment that removes everything. */
    deployment: z.string().min(1),
    /** Left out for preview environments alone. */
    challenge: challenge.optional(),
    reason,
  }),
  z.strictObject({ type: z.literal('delete-environment'), challenge, reason }),
])

/** A command as it is given, before it is checked. */
export type DestructionCommand = z.input<typeof destructionCommandSchema>

/** One command as the rules see it, by its type. */
export type DestructionCommandOf<T extends DestructionCommand['type']> = Extract<
  z.output<typeof destructionCommandSchema>,
  { readonly type: T }
>
