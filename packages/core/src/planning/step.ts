import { z } from 'zod'
import { providerRefSchema } from '../cloud/provider-ref.ts'
import { impactSchema } from '../graph/impact.ts'
import { edgeIdSchema, nodeIdSchema } from '../graph/ids.ts'
import { propertiesSchema } from '../json-schema.ts'

/** Where a step comes from: the code, change requests (and whose), the reversal of drift on an enforced property, what the provider's adapter keeps current, or disuse. */
const originSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('code'), properties: z.array(z.string()) }),
  z.strictObject({
    type: z.literal('request'),
    request: z.string(),
    requester: z.string(),
    properties: z.array(z.string()),
  }),
  z.strictObject({ type: z.literal('drift-reversal'), properties: z.array(z.string()) }),
  z.strictObject({ type: z.literal('platform-upgrade'), properties: z.array(z.string()) }),
  z.strictObject({ type: z.literal('unused') }),
])

const edgeChangeSchema = z.strictObject({
  kind: z.enum(['depends-on', 'uses', 'satisfied-by', 'hosted-on']),
  to: nodeIdSchema,
  attributes: propertiesSchema,
})

/** One step of a plan: one provider call, or a change of the record alone (`record`: edges, and nodes that no provider serves). */
export const stepSchema = z.strictObject({
  /** Unique in its plan: `<operation>:<node>`. */
  id: z.string(),
  phase: z.enum(['provision', 'deploy', 'cleanup']),
  operation: z.enum(['create', 'update', 'remove', 'take-last-copy', 'record']),
  /** Whether it changes infrastructure, and so waits for approval where approvals are on; rolling out the application does not. */
  infrastructure: z.boolean(),
  node: nodeIdSchema,
  /** Version that the plan read; 0 where the node is not there. */
  nodeVersion: z.number().int().nonnegative(),
  ref: providerRefSchema.optional(),
  /** Where a creation happens. */
  target: z.strictObject({ provider: z.string(), account: z.string(), region: z.string() }).optional(),
  /** The provider's name of what is created or copied. */
  name: z.string().optional(),
  changes: propertiesSchema,
  /** Values of the changed properties that must be there before the call; `null` where there is none. */
  expected: propertiesSchema,
  impact: impactSchema,
  when: z.enum(['now', 'maintenance-window']),
  /** For removals of stateful nodes: the last copy that must be proven first, and whether automated backups go too. */
  removal: z
    .strictObject({
      lastCopy: z.enum(['final-snapshot', 'must-be-empty', 'loss-acknowledged', 'replica', 'none']),
      automatedBackupsToo: z.boolean(),
    })
    .optional(),
  origins: z.array(originSchema),
  /** Edges from the node that the step records, and ids of those it retires. */
  edges: z.array(edgeChangeSchema),
  retiredEdges: z.array(edgeIdSchema),
  /** Steps that must have succeeded before. */
  after: z.array(z.string()),
})

/** A step of a plan; see {@link stepSchema}. */
export type Step = Readonly<z.infer<typeof stepSchema>>
/** Where a step comes from, and for which properties. */
export type StepOrigin = Step['origins'][number]
