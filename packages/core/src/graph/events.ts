import { z } from 'zod'
import { providerRefSchema } from '../cloud/provider-ref.ts'
import { propertiesSchema } from '../json-schema.ts'
import { causeSchema } from './cause.ts'
import { EDGE_KINDS } from './edge-kinds.ts'
import { edgeIdSchema, nodeIdSchema } from './ids.ts'

const name = z.string().min(1).max(1_024)
const version = z.number().int().positive()
const source = z.strictObject({
  type: name,
  name,
  lineage: name.optional(),
  serial: z.number().int().nonnegative().optional(),
  digest: z.string(),
})

/** Facts about the graph. A version records what changed against its predecessor; the fold puts the whole value together. */
export const graphEvents = {
  NodeVersionRecorded: z.strictObject({
    node: nodeIdSchema,
    version,
    /** 1 for the first thing of this id; grows when a retired or replaced thing is created again (GRAPH 6). */
    incarnation: version,
    /** Properties that are new or have another value now. */
    set: propertiesSchema,
    /** Properties that are no more. */
    unset: z.array(z.string()),
    cause: causeSchema,
    /** On the first version and whenever the provider's handle changed. */
    ref: providerRefSchema.optional(),
    /** On the first version: whether our deployment made it. */
    ownership: z.enum(['managed', 'observed']).optional(),
    /** Where an import found it: its address and the lineage that may retire it. */
    origin: z.strictObject({ lineage: name, address: name }).optional(),
  }),
  NodeRetired: z.strictObject({
    node: nodeIdSchema,
    version,
    incarnation: version,
    cause: causeSchema,
    reason: z.enum(['removed', 'vanished', 'no-longer-imported', 'replaced']),
  }),
  EdgeVersionRecorded: z.strictObject({
    edge: edgeIdSchema,
    kind: z.enum(EDGE_KINDS),
    from: nodeIdSchema,
    to: nodeIdSchema,
    version,
    attributes: propertiesSchema,
    cause: causeSchema,
    /** The imported lineage that may retire it. */
    lineage: name.optional(),
  }),
  EdgeRetired: z.strictObject({ edge: edgeIdSchema, version, cause: causeSchema }),
  /** A person handed an observed node over: from now on plans may write it. */
  NodeManaged: z.strictObject({ node: nodeIdSchema, reason: z.string().max(4_096) }),
  /** A need is satisfied by this resource from now on; the edge's versions are recorded beside it. */
  NeedBound: z.strictObject({
    need: nodeIdSchema,
    resource: nodeIdSchema,
    previous: nodeIdSchema.nullable(),
    reason: z.string().max(4_096),
  }),
  ImportStarted: z.strictObject({
    import: z.string(),
    source,
    nodes: z.number().int().nonnegative(),
    edges: z.number().int().nonnegative(),
    effectiveAt: z.string().optional(),
  }),
  /** The import's graph version becomes visible. */
  ImportCompleted: z.strictObject({
    import: z.string(),
    recorded: z.number().int().nonnegative(),
    unchanged: z.number().int().nonnegative(),
    retired: z.number().int().nonnegative(),
    /** What was completed instead of what was started: a later state of the lineage took an interrupted import over. */
    instead: z.strictObject({ source, effectiveAt: z.string().optional() }).optional(),
  }),
} as const
