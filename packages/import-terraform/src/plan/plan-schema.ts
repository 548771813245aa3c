import { z } from 'zod'
import { isAttributes } from '../state/attributes.ts'
import type { Attributes } from '../state/attributes.ts'

/** The whole plan; changes are checked one by one, so that an error names the one that is wrong. Unknown members are of newer versions. */
export const planSchema = z.object({
  terraform_version: z.string().max(128).optional(),
  timestamp: z.string().max(64).optional(),
  complete: z.boolean().optional(),
  resource_changes: z.array(z.unknown()).nullish(),
  resource_drift: z.array(z.unknown()).nullish(),
  deferred_changes: z.array(z.unknown()).nullish(),
})

/** Attributes, or nothing before a creation and after a removal. It came out of JSON.parse, so every member is a JSON value. */
const attributes = z.custom<Attributes>(isAttributes, { message: 'must be an object' }).nullish()

/** A mark for the whole, or for parts of it: `true` where it holds, objects and lists as the value has them. */
export type Marks = boolean | null | readonly Marks[] | { readonly [member: string]: Marks }
const marks = z.custom<Marks>((value) => typeof value === 'boolean' || typeof value === 'object').optional()

/** One change of a resource. */
export const resourceChangeSchema = z.object({
  address: z.string().min(1),
  previous_address: z.string().min(1).optional(),
  module_address: z.string().optional(),
  mode: z.string(),
  type: z.string().min(1).max(128),
  name: z.string().min(1),
  index: z.union([z.string(), z.number().int()]).nullish(),
  provider_name: z.string().optional(),
  deposed: z.string().optional(),
  action_reason: z.string().max(256).optional(),
  change: z.object({
    actions: z.array(z.string().max(64)).min(1).max(4),
    before: attributes,
    after: attributes,
    after_unknown: marks,
    before_sensitive: marks,
    after_sensitive: marks,
    importing: z.object({}).nullish(),
  }),
})

/** One change of a resource, as a plan has it. */
export type ResourceChangeInput = z.infer<typeof resourceChangeSchema>
