import { z } from 'zod'
import { impactSchema } from '../graph/impact.ts'
import { nodeIdSchema } from '../graph/ids.ts'
import { propertiesSchema } from '../json-schema.ts'

/** When a request may be applied: with whatever deploys next, in the maintenance window only, or not before a moment (ISO 8601). */
export const requestTimeSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('next-deployment') }),
  z.strictObject({ type: z.literal('maintenance-window') }),
  z.strictObject({ type: z.literal('not-before'), at: z.iso.datetime() }),
])

export type RequestTime = Readonly<z.infer<typeof requestTimeSchema>>

const request = z.string()

/** Facts about what persons wished for. The requester is the event's actor. */
export const changeRequestEvents = {
  ChangeRequested: z.strictObject({
    request,
    node: nodeIdSchema,
    set: propertiesSchema,
    /** The node version that the requester saw. */
    baseVersion: z.number().int().nonnegative(),
    reason: z.string().max(4_096),
    impact: impactSchema,
    downtimeAcknowledged: z.boolean(),
    when: requestTimeSchema,
  }),
  ChangeWithdrawn: z.strictObject({ request, reason: z.string().max(4_096) }),
  ChangeRejected: z.strictObject({ request, reason: z.string().max(4_096) }),
  /** These properties of the request were written by a step of the deployment. */
  ChangeApplied: z.strictObject({ request, deployment: z.string(), properties: z.array(z.string()) }),
  /** These properties were observed with the requested value (or beyond it, where growth-only): nothing is written for them. */
  ChangeConverged: z.strictObject({ request, observation: z.string(), properties: z.array(z.string()) }),
} as const
