import { z } from 'zod'
import { isAttributes } from './attributes.ts'
import type { Attributes } from './attributes.ts'

/** The whole file; resources are checked one by one, so that an error names the one that is wrong. */
export const stateSchema = z.object({
  serial: z.number().int().nonnegative(),
  lineage: z.string().max(1_024).optional(),
  resources: z.array(z.unknown()).nullish(),
})

/** One resource. Modes other than `managed` and `data` are of newer versions and are passed over. */
export const resourceSchema = z.object({
  mode: z.string(),
  type: z.string().min(1).max(128),
  name: z.string().min(1),
  module: z.string().optional(),
  provider: z.string().optional(),
  instances: z.array(z.unknown()).nullish(),
})

const sensitivePathSchema = z.array(z.object({ type: z.string(), value: z.unknown() }))

/** One instance of a resource. `private` is never read; neither are outputs. */
export const instanceSchema = z.object({
  index_key: z.union([z.string(), z.number().int()]).nullish(),
  deposed: z.string().optional(),
  status: z.string().optional(),
  // It came out of JSON.parse, so every member is a JSON value: only the outermost form is left to check.
  attributes: z.custom<Attributes>(isAttributes, { message: 'must be an object' }).nullish(),
  /** Of states that came from 0.11 and were not applied since: dotted keys, all values as text. */
  attributes_flat: z.record(z.string(), z.string()).nullish(),
  sensitive_attributes: z.array(sensitivePathSchema).nullish(),
  dependencies: z.array(z.string()).nullish(),
  /** Before 0.12.14: names as written in the module, without its path. */
  depends_on: z.array(z.string()).nullish(),
  instance_provider: z.string().optional(),
})

/** A path to a sensitive value, outermost step first: `get_attr` with a name, `index` with a typed key. */
export type SensitivePath = z.infer<typeof sensitivePathSchema>
export type StateInstanceInput = z.infer<typeof instanceSchema>
export type StateResourceInput = z.infer<typeof resourceSchema>
