import { z } from 'zod'
import { triggerSchema } from '../deployments/trigger.ts'
import { nodeIdSchema } from '../graph/ids.ts'
import { externalActionSchema, recordedChangeSchema } from './external-plan.ts'

const deployment = z.string()
const digest = z.string()
const text = z.string().max(4_096)
const count = z.number().int().nonnegative()
const name = z.string().min(1).max(1_024)

/** What moved under a plan that waited: a version of a node that something else recorded. */
export const movementSchema = z.strictObject({
  node: nodeIdSchema,
  version: z.number().int().positive(),
  properties: z.array(z.string()),
  /** `user ada`, `system infraledger`. */
  by: z.string(),
  /** Type of the cause: `import`, `drift`, `deployment`… */
  cause: z.string(),
})

/** Facts about plans that other tools carry out. */
export const externalDeploymentEvents = {
  /** A plan of another tool is laid before the environment; its changes follow in parts. */
  ExternalDeploymentProposed: z.strictObject({
    deployment,
    tool: z.strictObject({ name, version: name.optional() }),
    /** What the plan is called. */
    plan: name,
    digest,
    lineage: name.optional(),
    madeAt: z.string().optional(),
    complete: z.boolean(),
    drifted: count,
    trigger: triggerSchema,
    commit: z.string().min(1).max(256),
    graphVersion: count,
    /** Approvals that it needs. */
    required: count,
    /** Changes by action, also of those that are not recorded because they change nothing. */
    counts: z.partialRecord(externalActionSchema, count),
    parts: z.number().int().positive(),
  }),
  ExternalPlanRecorded: z.strictObject({
    deployment,
    part: z.number().int().positive(),
    changes: z.array(recordedChangeSchema),
  }),
  ExternalDeploymentApproved: z.strictObject({ deployment, digest, comment: text.optional() }),
  ExternalDeploymentRejected: z.strictObject({ deployment, digest, reason: text }),
  /** What it plans to change moved before it was applied. */
  ExternalApprovalVoided: z.strictObject({
    deployment,
    digest,
    reason: text,
    /** The first of what moved. */
    moved: z.array(movementSchema).max(20),
  }),
  ExternalDeploymentWithdrawn: z.strictObject({ deployment, reason: text, by: z.string().optional() }),
  /** Somebody says that the tool ran. */
  ExternalApplyReported: z.strictObject({ deployment, at: z.string(), comment: text.optional() }),
  /** It was carried out, wholly or in part, without the approval that the policy asks for. */
  ExternalChangeUnapproved: z.strictObject({ deployment, required: count, approvals: count, reason: text }),
  /** Everything that it announced was seen. */
  ExternalDeploymentApplied: z.strictObject({ deployment, graphVersion: count }),
} as const
