import { z } from 'zod'
import { providerRefSchema } from '../cloud/provider-ref.ts'
import { nodeIdSchema } from '../graph/ids.ts'
import { jsonValueSchema } from '../json-schema.ts'

const observation = z.string()
const count = z.number().int().nonnegative()

/** What was decided about one property that differs, and what decided it (DRIFT 16). */
export const propertyDecisionSchema = z.strictObject({
  property: z.string(),
  /** Left out where the ledger had none. */
  recorded: jsonValueSchema.optional(),
  /** Left out where the resource has none any more. */
  observed: jsonValueSchema.optional(),
  decision: z.enum([
    'adopted',
    'suppressed',
    'enforced',
    'ignored',
    'converged',
    'in-flight',
    'landed',
    /** A plan that another tool carried out announced it. */
    'announced',
    /** A difference that stood is gone: what is observed is what is recorded again. */
    'resolved',
    /** What we asked for was put off by the provider, and now it is neither in force nor put off any more. */
    'dropped',
  ]),
  /**
   * `default`, `kind`, `growth`, `first-reading` (not looked at before, so nobody is known to have changed it), `ownership` (enforced, but not ours),
   * `observation`, `request <id>`, `deployment <id>`, or the policy rule's reason.
   */
  decidedBy: z.string().max(4_096),
  request: z.string().optional(),
})

const target = z.strictObject({ provider: z.string(), account: z.string(), region: z.string() })
const principal = z.strictObject({ type: z.enum(['user', 'service', 'provider']), id: z.string().max(2_048) })
const activity = z.strictObject({
  id: z.string(),
  operation: z.string(),
  at: z.string(),
  /** What the call was made with and from where, where the log tells. */
  tool: z.string().max(1_024).optional(),
  sourceAddress: z.string().max(256).optional(),
  /** The provider's code where it refused the call: somebody tried, and nothing changed. */
  refused: z.string().max(256).optional(),
})

/** What a scan looked at. */
export const scanScopeSchema = z.discriminatedUnion('type', [
  /** Everything of these targets that the ledger knows, and what no node knows. */
  z.strictObject({
    type: z.literal('targets'),
    targets: z.array(target).max(256),
    /** Also what the ledger knows elsewhere. */
    everywhere: z.boolean().optional(),
    kinds: z.array(z.string()).max(256).optional(),
  }),
  z.strictObject({ type: z.literal('nodes'), nodes: z.array(nodeIdSchema).max(2_000) }),
])

/** Facts about what the providers said, and what was made of it. */
export const driftEvents = {
  /** Differences of one node that were decided for the first time, or otherwise than before. */
  DriftDetected: z.strictObject({
    observation,
    node: nodeIdSchema,
    /** The node's version that was compared. */
    version: count,
    /** The version that records what was adopted, where something was. */
    adoptedVersion: count.optional(),
    /** The changes happened after this moment, when all these properties were last seen; left out where they never were. */
    lastSeenAt: z.string().optional(),
    decisions: z.array(propertyDecisionSchema),
  }),
  ResourceMissing: z.strictObject({ observation, node: nodeIdSchema, ref: providerRefSchema }),
  /** A resource that was missing answers again. */
  ResourceFound: z.strictObject({ observation, node: nodeIdSchema, ref: providerRefSchema }),
  /** There is a resource that no node knows; it is left alone (DRIFT 14). */
  UnmanagedResourceDiscovered: z.strictObject({ observation, ref: providerRefSchema, kind: z.string() }),
  /** A resource that no node knows is there no more. */
  UnmanagedResourceGone: z.strictObject({ observation, ref: providerRefSchema }),
  /** Who changed it in the world, from the provider's activity log; `unknown` is said, not guessed (DRIFT 13). */
  DriftAttributed: z.strictObject({
    node: nodeIdSchema,
    /** The version that adopted the drift, or from which it differs where it was not adopted; and the properties that this names. */
    version: count,
    /** The observation that found it: one version may have several differences, one after the other. */
    observation: observation.optional(),
    properties: z.array(z.string()),
    principal: z.union([z.literal('unknown'), principal]),
    activity: activity.optional(),
  }),
  /** Somebody looked at drift that was adopted, and says what it is. */
  DriftReviewed: z.strictObject({
    node: nodeIdSchema,
    /** The version that adopted it. */
    version: z.number().int().positive(),
    comment: z.string().max(4_096),
  }),
  /** An activity-log entry on a known resource of which no difference remains (DRIFT 20). */
  ActivityObserved: z.strictObject({ node: nodeIdSchema, activity, principal, properties: z.array(z.string()) }),
  /** The end of a scan (DRIFT 19). */
  ObservationCompleted: z.strictObject({
    observation,
    scope: scanScopeSchema,
    startedAt: z.string(),
    finishedAt: z.string(),
    /** The stream's revision when the read began (DRIFT 17). */
    startedRevision: z.number().int(),
    /** Resources that answered, and of them those of which nothing was decided; the others count what this scan decided anew. */
    counts: z.strictObject({
      resources: count,
      unchanged: count,
      adopted: count,
      suppressed: count,
      enforced: count,
      ignored: count,
      missing: count,
      unmanaged: count,
    }),
    /** What could not be seen; it decided nothing. A provider, or one kind of it, stands for all its resources. */
    unseen: z
      .array(
        z.strictObject({
          node: nodeIdSchema.optional(),
          provider: z.string().optional(),
          kind: z.string().optional(),
          reason: z.string().max(1_024),
        }),
      )
      .max(1_000),
    unseenCount: count,
    /** How far each activity log was read. */
    activityRead: z
      .array(z.strictObject({ ...target.shape, until: z.string() }))
      .max(256)
      .optional(),
  }),
} as const
