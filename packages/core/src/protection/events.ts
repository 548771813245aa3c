import { z } from 'zod'
import { nodeIdSchema } from '../graph/ids.ts'

/** Facts about what may be removed. */
export const protectionEvents = {
  /** A person confirmed the deletion of one unused stateful node, as it is now. */
  DeletionConfirmed: z.strictObject({
    node: nodeIdSchema,
    incarnation: z.number().int().positive(),
    /** The loss of data that cannot be copied was acknowledged (topics, caches). */
    lossAcknowledged: z.boolean(),
    /** The loss of the provider's automated backups was confirmed too. */
    automatedBackupsToo: z.boolean(),
    reason: z.string().max(4_096),
  }),
  DeletionConfirmationVoided: z.strictObject({
    node: nodeIdSchema,
    reason: z.enum(['used-again', 're-pointed', 'incarnation-changed', 'data-epoch-changed']),
  }),
} as const
