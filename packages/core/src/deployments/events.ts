import { z } from 'zod'
import { actorSchema } from '../access/actor.ts'
import { providerRefSchema } from '../cloud/provider-ref.ts'
import { nodeIdSchema } from '../graph/ids.ts'
import { jsonValueSchema, propertiesSchema } from '../json-schema.ts'
import { SECTIONS } from '../planning/sections.ts'
import { stepSchema } from '../planning/step.ts'
import { PHASES } from './phases.ts'
import { triggerSchema } from './trigger.ts'

/** Most moved inputs that are listed where an approval is void; `movedCount` tells how many there were. */
export const MOVED_LISTED = 100

const deployment = z.string()
const digest = z.string()
const text = z.string().max(4_096)
const count = z.number().int().nonnegative()

const phase = z.enum(PHASES)

/** Shortest and longest lease of an executor, in milliseconds. */
export const LEASE_MS = { shortest: 100, longest: 60 * 60_000 } as const
/** Properties that one revision names. */
export const MOVED_PROPERTIES = 50

const leaseMs = z.number().int().min(LEASE_MS.shortest).max(LEASE_MS.longest)
const executor = z.string().min(1).max(256)

/** Which pending change requests a deployment takes along. */
export const requestSelectionSchema = z.union([z.literal('due'), z.literal('none'), z.array(z.string()).max(1_000)])

/** What the images were built with (DEPLOY 12). */
export const runtimeSchema = z.strictObject({
  version: z.string().max(256),
  baseImage: z.string().max(1_024),
  baseImageDigest: z.string().max(256).optional(),
  pinned: z.boolean(),
})

/** Parts of a plan that an approval is given for. */
export const sectionsSchema = z.array(z.enum(SECTIONS)).min(1).max(SECTIONS.length)

/** An input of a plan that moved: from what, to what, by whom and by what. */
export const movedInputSchema = z.strictObject({
  /** As in the plan: `node sql-instance/main`, `request 0198…`, `policies`. */
  input: z.string(),
  from: z.string(),
  to: z.string(),
  /** `user grace`; for drift the principal that the provider's log names, else `unknown, observed by …`. */
  by: z.string(),
  /** `drift`, `import`, `request withdrawn`, `policies changed`, … */
  cause: z.string().max(256),
})

/** Facts about deployments. */
export const deploymentEvents = {
  DeploymentTriggered: z.strictObject({
    deployment,
    trigger: triggerSchema,
    commit: z.string().min(1).max(256),
    /** Digest of the application model. */
    model: digest,
    requests: requestSelectionSchema,
    runtime: runtimeSchema.optional(),
    /** Needs that may be created although unbound candidates for them exist (OWN 4). */
    createNeeds: z.union([z.literal('all'), z.array(nodeIdSchema).max(1_000)]),
    /** It destroys the environment: its model declares nothing, and everything of ours is removed (PROTECT 9). */
    destroys: z.literal(true).optional(),
    /** It skips approval, and stays open until another Admin has reviewed it (DEPLOY 13). */
    emergency: z.strictObject({ reason: text }).optional(),
  }),
  PlanComputed: z.strictObject({
    deployment,
    digest,
    graphVersion: count,
    model: digest,
    steps: count,
    infrastructureSteps: count,
    parts: z.number().int().positive(),
    requests: z.array(z.string()),
  }),
  PlanStepsRecorded: z.strictObject({
    deployment,
    digest,
    part: z.number().int().positive(),
    steps: z.array(stepSchema),
    /** What the plan was computed from; left out by plans that were recorded before inputs were. */
    inputs: z.array(z.strictObject({ input: z.string(), value: z.string() })).optional(),
  }),
  ApprovalRequested: z.strictObject({
    deployment,
    digest,
    /** Most that a section needs. */
    required: count,
    /** The plan's sections, and how many approvals each needs; `named`: approvals that name it. */
    sections: z.array(z.strictObject({ section: z.enum(SECTIONS), required: count, named: z.boolean() })).optional(),
    fourEyes: z.boolean().optional(),
    expiresAfterHours: z.number().positive().optional(),
  }),
  /** `sections`: those that it is given for; left out, all that have no policy of their own. */
  DeploymentApproved: z.strictObject({
    deployment,
    digest,
    comment: text.optional(),
    sections: sectionsSchema.optional(),
  }),
  DeploymentRejected: z.strictObject({ deployment, digest, reason: text }),
  ApprovalVoided: z.strictObject({
    deployment,
    digest,
    reason: text,
    moved: z.array(movedInputSchema).max(MOVED_LISTED).optional(),
    movedCount: count.optional(),
    /** Only these approvals are void, for they are too old, or their giver may approve no more; the plan still waits as it is. */
    expired: z.array(z.strictObject({ by: actorSchema, at: z.string() })).optional(),
  }),
  /** An executor drives the deployment from here on, or still does; `after` is the last sign of the one before, whose lease ran out. */
  ExecutionClaimed: z.strictObject({
    deployment,
    executor,
    leaseMs,
    renewal: z.literal(true).optional(),
    after: count.optional(),
  }),
  /** Nobody drives the deployment: its executor was stopped, or it waits for a person or an import. */
  ExecutionReleased: z.strictObject({ deployment, executor, reason: z.enum(['stopped', 'waits']) }),
  /** What a step was about to touch is not what the plan expected: no call was made, and the deployment is planned anew. */
  DeploymentRevised: z.strictObject({
    deployment,
    step: z.string(),
    node: nodeIdSchema,
    reason: text,
    /** Properties with other values than expected; values of secrets are left out. */
    moved: z
      .array(
        z.strictObject({
          property: z.string(),
          expected: jsonValueSchema.optional(),
          observed: jsonValueSchema.optional(),
        }),
      )
      .max(MOVED_PROPERTIES),
  }),
  /** Another Admin looked at what an emergency deployment did (DEPLOY 13). */
  DeploymentReviewed: z.strictObject({ deployment, comment: text }),
  PhaseStarted: z.strictObject({ deployment, phase }),
  /** The intent, recorded before the provider is called. */
  StepStarted: z.strictObject({
    deployment,
    step: z.string(),
    attempt: z.number().int().positive(),
    idempotencyKey: z.string(),
    node: nodeIdSchema,
    operation: z.enum(['create', 'update', 'remove', 'take-last-copy']),
    /** The provider's name that a creation or a copy gets. */
    name: z.string().optional(),
    ref: providerRefSchema.optional(),
    changes: propertiesSchema,
    expected: propertiesSchema,
  }),
  StepSucceeded: z.strictObject({
    deployment,
    step: z.string(),
    node: nodeIdSchema,
    result: z.string().max(1_024).optional(),
  }),
  /** The provider accepted the values and put them off; no version is minted for them (DEPLOY 7). */
  StepDeferred: z.strictObject({
    deployment,
    step: z.string(),
    node: nodeIdSchema,
    deferred: propertiesSchema,
    until: z.string().optional(),
  }),
  StepFailed: z.strictObject({
    deployment,
    step: z.string(),
    node: nodeIdSchema,
    attempt: z.number().int().positive(),
    outcome: z.enum(['refused', 'retryable', 'unknown']),
    code: z.string(),
    message: z.string().max(4_096),
  }),
  PhaseCompleted: z.strictObject({ deployment, phase }),
  DeploymentSucceeded: z.strictObject({ deployment, graphVersion: count }),
  DeploymentFailed: z.strictObject({
    deployment,
    phase: phase.optional(),
    step: z.string().optional(),
    reason: z.string().max(4_096),
  }),
  /** Somebody wants it cancelled while calls of it are under way: no more begin, and it ends when those have. */
  CancellationRequested: z.strictObject({ deployment, reason: text }),
  DeploymentCancelled: z.strictObject({ deployment, reason: text }),
  DeploymentSuperseded: z.strictObject({ deployment, by: z.string() }),
} as const
