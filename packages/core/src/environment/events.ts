import { z } from 'zod'
import { nodeIdSchema } from '../graph/ids.ts'
import { policiesSchema } from './policies.ts'

/** A name that is safe in stream names and on command lines; preview environments read `pr:12`. */
export const environmentNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9:._-]{0,62}$/, 'must be lower case letters, digits, ":", ".", "_" or "-", at most 63')

export const roleSchema = z.enum(['admin', 'member', 'viewer'])

/** Facts about one environment as a whole. */
export const environmentEvents = {
  EnvironmentCreated: z.strictObject({
    name: environmentNameSchema,
    type: z.enum(['production', 'development', 'preview']),
    clouds: z
      .array(z.strictObject({ provider: z.string().min(1), account: z.string().min(1), region: z.string().min(1) }))
      .max(64),
    policies: policiesSchema,
  }),
  /** `proposal`: weaker policies that were proposed, and approved by as many as the policies before asked for. */
  EnvironmentPoliciesChanged: z.strictObject({ policies: policiesSchema, proposal: z.string().optional() }),
  /** Weaker policies, and in what; `required` other persons must approve them (ACCESS 4). */
  PolicyChangeProposed: z.strictObject({
    proposal: z.string(),
    policies: policiesSchema,
    weakens: z.array(z.string()).min(1).max(100),
    required: z.number().int().positive(),
  }),
  PolicyChangeApproved: z.strictObject({ proposal: z.string(), comment: z.string().max(4_096).optional() }),
  PolicyChangeWithdrawn: z.strictObject({ proposal: z.string(), reason: z.string().max(4_096) }),
  PolicyChangeRejected: z.strictObject({ proposal: z.string(), reason: z.string().max(4_096) }),
  RoleGranted: z.strictObject({ subject: z.string().min(1).max(256), role: roleSchema }),
  RoleRevoked: z.strictObject({ subject: z.string().min(1).max(256), role: roleSchema }),
  AlertRaised: z.strictObject({
    alert: z.string(),
    reason: z.enum([
      'posture-weakened',
      'enforced-property-drifted',
      'resource-missing',
      'deletion-protection-off',
      'approval-voided',
      'extra-grant-found',
      'emergency-deployment',
      'external-change-unapproved',
    ]),
    severity: z.enum(['warning', 'critical']),
    node: nodeIdSchema.optional(),
    property: z.string().optional(),
    message: z.string().max(4_096),
  }),
  AlertAcknowledged: z.strictObject({ alert: z.string(), comment: z.string().max(4_096).optional() }),
} as const
