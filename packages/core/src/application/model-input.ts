import { z } from 'zod'
import { nodeIdSchema } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import type { Properties } from '../json.ts'
import { propertiesSchema } from '../json-schema.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'

/** Most that one model, and one declaration of it, may hold. */
export const MODEL_LIMITS = {
  declarations: 250_000,
  /** Needs that one service uses, and nodes that one declaration depends on. */
  references: 2_000,
  operations: 100,
  /** Largest declaration as JSON text in UTF-8: one must fit into an event. */
  declarationBytes: 384 * 1024,
} as const

/** Most problems that one refusal lists. */
const ISSUES_LISTED = 50

/** A service as the code declares it. */
export type ServiceInput = {
  /** Becomes the node `service/<name>`. */
  readonly name: string
  readonly image?: string
  readonly replicas?: number
  readonly properties?: Properties
  /** The needs that it uses, each once, with the operations it performs on them. */
  readonly uses?: readonly { readonly need: NodeId; readonly operations: readonly string[] }[]
  readonly dependsOn?: readonly NodeId[]
}

/**
 * A need as the code declares it: a node of any kind. A need that lives on a resource (a `sql-database` on a `sql-instance`) may name
 * that resource in `dependsOn` without declaring it; without a name it gets the resource `main`.
 */
export type NeedInput = {
  readonly node: NodeId
  readonly properties?: Properties
  readonly dependsOn?: readonly NodeId[]
}

/** What one commit declares, as its author writes it. Plain data: it may come from a JSON file. */
export type ApplicationModelInput = {
  readonly commit?: string
  readonly services: readonly ServiceInput[]
  /** A need that asks for nothing in particular is its id alone. */
  readonly needs: readonly (NodeId | NeedInput)[]
}

const properties = propertiesSchema.optional()
const dependsOn = z.array(nodeIdSchema).max(MODEL_LIMITS.references).optional()
const operations = z.array(z.string().min(1).max(128)).max(MODEL_LIMITS.operations)

const serviceSchema = z.strictObject({
  name: z.string().min(1).max(512),
  image: z.string().max(4_096).optional(),
  replicas: z.number().int().min(0).optional(),
  properties,
  uses: z
    .array(z.strictObject({ need: nodeIdSchema, operations }))
    .max(MODEL_LIMITS.references)
    .optional(),
  dependsOn,
})

const needSchema = z.preprocess(
  (need) => (typeof need === 'string' ? { node: need } : need),
  z.strictObject({ node: nodeIdSchema, properties, dependsOn }),
)

const modelSchema = z.strictObject({
  commit: z.string().max(256).optional(),
  services: z.array(serviceSchema).max(MODEL_LIMITS.declarations),
  needs: z.array(needSchema).max(MODEL_LIMITS.declarations),
})

/** A model whose shape is right; what it says is not checked yet. */
export type ParsedModel = z.infer<typeof modelSchema>

/** Parses what a caller gave as a model, or says where it is wrong (`input-invalid`). */
export function parseModelInput(input: unknown): ParsedModel | Rejection {
  const parsed = modelSchema.safeParse(input)
  if (parsed.success) return parsed.data
  return invalidModel(
    parsed.error.issues.map(({ path, message }) => ({ path: z.core.toDotPath(path), problem: message })),
  )
}

/** One thing that is wrong with a model, and where: `services[3].uses[0].need`. */
export type ModelIssue = { readonly path: string; readonly problem: string }

/** Says what of a model is wrong, and where. */
export function invalidModel(issues: readonly ModelIssue[]): Rejection {
  const listed = issues.slice(0, ISSUES_LISTED)
  const more = issues.length > listed.length ? `; and ${issues.length - listed.length} more` : ''
  const problems = listed.map(({ path, problem }) => (path === '' ? problem : `${path}: ${problem}`)).join('; ')
  return reject('input-invalid', `the application model is not valid: ${problems}${more}`, {
    what: 'application model',
    issues: listed,
  })
}
