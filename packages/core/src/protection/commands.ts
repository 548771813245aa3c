import { z } from 'zod'
import { nodeIdSchema } from '../graph/ids.ts'

/** What persons decide about what may be removed, as it comes from outside. */
export const protectionCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('confirm-deletion'),
    node: nodeIdSchema,
    reason: z.string().trim().min(1, 'must say why').max(4_096),
    /** For kinds of which no copy can be kept (topics, caches): what they hold is lost. */
    acknowledgeLoss: z.boolean().default(false),
    /** The provider's automated backups go too; they are kept otherwise. */
    automatedBackupsToo: z.boolean().default(false),
    /** For the destruction of the whole environment, while the node is still in use (Admins). */
    forDestruction: z.boolean().default(false),
  }),
])

/** A command as it is given, before it is checked. */
export type ProtectionCommand = z.input<typeof protectionCommandSchema>

/** One command as the rules see it, by its type. */
export type ProtectionCommandOf<T extends ProtectionCommand['type']> = Extract<
  z.output<typeof protectionCommandSchema>,
  { readonly type: T }
>
