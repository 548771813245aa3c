import { z } from 'zod'
import { nodeIdSchema } from '../graph/ids.ts'

const count = z.number().int().nonnegative()

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
    /** Given for the destruction of the whole environment: it counts for nothing else, and the node may be in use. */
    forDestruction: z.literal(true).optional(),
  }),
  DeletionConfirmationVoided: z.strictObject({
    node: nodeIdSchema,
    reason: z.enum(['used-again', 're-pointed', 'incarnation-changed', 'data-epoch-changed']),
  }),
  /** An environment is to be destroyed, by the deployment that is triggered in the same append (PROTECT 1). */
  DestructionConfirmed: z.strictObject({
    deployment: z.string(),
    /** The graph version that the challenge was bound to. */
    graphVersion: count,
    /** SHA-256 of the phrase that was typed; left out where none is asked for (preview environments). */
    phraseHash: z.string().optional(),
    reason: z.string().max(4_096),
  }),
  /** Nothing of ours is left at a provider; commands are refused from now on (PROTECT 9). */
  EnvironmentDestroyed: z.strictObject({
    deployment: z.string(),
    /** Nodes that the destruction removed, and those that were never ours and stay. */
    destroyed: count,
    retained: count,
  }),
  /** The environment is listed no more; its history stays, and so does what is at a provider (PROTECT 10). */
  EnvironmentDeleted: z.strictObject({
    graphVersion: count,
    phraseHash: z.string(),
    reason: z.string().max(4_096),
    /** Nodes whose resources are still at a provider. */
    orphaned: count,
  }),
} as const
