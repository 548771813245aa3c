import { z } from 'zod'
import { providerRefSchema } from '../cloud/provider-ref.ts'
import { nodeIdSchema } from '../graph/ids.ts'
import { jsonValueSchema } from '../json-schema.ts'

/** What one plan of another tool may hold. */
export const EXTERNAL_PLAN_LIMITS = {
  /** Changes, those that change nothing included. */
  changes: 250_000,
  /** Properties of one change. */
  properties: 10_000,
  /** Address of a change. */
  addressCharacters: 1_024,
} as const

const name = z.string().min(1).max(1_024)
const address = z.string().min(1).max(EXTERNAL_PLAN_LIMITS.addressCharacters)
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex')
const count = z.number().int().nonnegative()

/** What another tool is going to do to one thing. */
export const externalActionSchema = z.enum([
  'create',
  'update',
  'replace',
  'remove',
  /** Taken into the tool's own care as it is, perhaps with changes. */
  'import',
  /** Let go by the tool, and left as it is. */
  'forget',
  'read',
  'no-op',
])

/** One property of a change; `before` and `after` are left out where there is no value. */
const plannedPropertySchema = z.strictObject({
  property: z.string().min(1).max(1_024),
  before: jsonValueSchema.optional(),
  after: jsonValueSchema.optional(),
})

const changeShape = {
  /** Unique in the plan, and the address that an import of the state is going to tell. */
  address,
  /** Where it was before, for a thing that was renamed in the code. */
  previousAddress: address.optional(),
  action: externalActionSchema,
  properties: z.array(plannedPropertySchema).max(EXTERNAL_PLAN_LIMITS.properties),
  /** Properties of which only the execution tells the value; `labels[*]` is any member of that map. */
  unknown: z.array(z.string().min(1).max(1_024)).max(EXTERNAL_PLAN_LIMITS.properties),
  /** Why the tool does it, in its own words. */
  reason: z.string().max(1_024).optional(),
}

/** One change of a plan, as a reader of plans hands it over: named as the importer of the same tool's states names it. */
export const externalChangeSchema = z.strictObject({
  ...changeShape,
  kind: z.string().min(1).max(128),
  key: z.string().min(1).max(512),
  ref: providerRefSchema.optional(),
})

/** A change as it is recorded: with the node that it is about, and the version of it that the ledger had. */
export const recordedChangeSchema = z.strictObject({
  ...changeShape,
  /** Of a thing that is still to come: the id that it is going to get, unless another thing has that by then. */
  node: nodeIdSchema,
  /** 0 where the node is not there yet. */
  version: count,
})

/** The plan of another tool, ready to be proposed. No secret value is in it. */
export const externalPlanSchema = z.strictObject({
  tool: z.strictObject({ name, version: name.optional() }),
  /** What a person calls it: a file's name, never its folder. */
  name,
  /** SHA-256 of the plan's text: what an approval names. */
  digest,
  /** The lineage of the states that it belongs to, where addresses alone do not tell. */
  lineage: name.optional(),
  /** When it was made (ISO 8601), where it tells. */
  madeAt: z.iso.datetime({ offset: true }).optional(),
  /** False where the tool says that another round must follow. */
  complete: z.boolean(),
  /** Things that the tool found changed outside of it while it planned. */
  drifted: count,
  changes: z.array(externalChangeSchema).max(EXTERNAL_PLAN_LIMITS.changes),
})

/** What another tool is going to do to one thing. */
export type ExternalAction = z.infer<typeof externalActionSchema>
/** One change of a plan of another tool. */
export type ExternalChange = Readonly<z.infer<typeof externalChangeSchema>>
/** The plan of another tool: a `terraform show -json` plan, read by `readTerraformPlan`. */
export type ExternalPlan = Readonly<z.infer<typeof externalPlanSchema>>
/** A change as the ledger has it. */
export type RecordedChange = Readonly<z.infer<typeof recordedChangeSchema>>

/** Whether a change does something that is going to be seen: readings and things that stay as they are do not, unless they moved. */
export function changesSomething({
  action,
  previousAddress,
}: Pick<ExternalChange, 'action' | 'previousAddress'>): boolean {
  return action !== 'read' && (action !== 'no-op' || previousAddress !== undefined)
}
