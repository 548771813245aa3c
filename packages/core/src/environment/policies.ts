import { z } from 'zod'

/** How drift on matching properties is decided instead of the kind's own way (DRIFT 16). The first matching rule wins. */
export const driftRuleSchema = z.strictObject({
  /** Kind of node; all kinds when left out. */
  kind: z.string().min(1).max(128).optional(),
  /** A property key, or a prefix ending in `*`; all when left out. */
  property: z.string().min(1).max(512).optional(),
  decision: z.enum(['adopt', 'enforce', 'ignore']),
  /** For `ignore`: until this moment (ISO 8601); after it the rule no longer counts. */
  until: z.iso.datetime().optional(),
  reason: z.string().min(1).max(1_024),
})

/** Most approvals that a policy may ask for. */
const APPROVALS_LIMIT = 20
/** Longest time for which an approval may be made to hold: a year. */
const EXPIRY_HOURS = 8_784

/** Approvals that plans with infrastructure changes need. */
export const approvalPolicySchema = z.strictObject({
  /** How many persons must approve; 0: none. */
  required: z.number().int().min(0).max(APPROVALS_LIMIT),
  /** Nobody approves what they triggered, or what includes a change request of theirs. */
  fourEyes: z.boolean().optional(),
  /** An approval older than this counts no more. */
  expiresAfterHours: z.number().positive().max(EXPIRY_HOURS).optional(),
  /** Sections that need approvals which name them, and how many; others need `required`. */
  sections: z
    .strictObject({
      iam: z.number().int().min(1).max(APPROVALS_LIMIT).optional(),
      deletions: z.number().int().min(1).max(APPROVALS_LIMIT).optional(),
    })
    .optional(),
})

/** What an environment's Admins decided about how it is run. */
export const policiesSchema = z.strictObject({
  approvals: approvalPolicySchema,
  drift: z.array(driftRuleSchema).max(1_000),
  /**
   * Whether what weighs most (approvals, deletions, policies, roles) takes a proven identity (ACCESS 2). Left out: `asserted` is enough, and a
   * change of the policies leaves it as it is.
   */
  identity: z.enum(['authenticated', 'asserted']).optional(),
})

export type DriftRule = Readonly<z.infer<typeof driftRuleSchema>>
export type ApprovalPolicy = Readonly<z.infer<typeof approvalPolicySchema>>
export type Policies = Readonly<z.infer<typeof policiesSchema>>

export const DEFAULT_POLICIES: Policies = { approvals: { required: 0 }, drift: [] }

/** Production never adopts public access: it is reverted by the next plan, with an alert (DRIFT 7). */
export const PRODUCTION_DRIFT_RULES: readonly DriftRule[] = [
  { property: 'network.publicAccess', decision: 'enforce', reason: 'production is private' },
  { kind: 'bucket', property: 'publicAccess', decision: 'enforce', reason: 'production is private' },
]
