import { z } from 'zod'
import { nodeIdSchema } from '../graph/ids.ts'
import { propertiesSchema } from '../json-schema.ts'

/** What a commit declares about one node: a service with what it uses, or a need. */
export const declarationSchema = z.strictObject({
  node: nodeIdSchema,
  /** Values that the code asks for. Only these are compared with what is there. */
  properties: propertiesSchema,
  dependsOn: z.array(nodeIdSchema),
  /** Needs that a service uses, with the operations it performs on them. */
  uses: z.array(z.strictObject({ need: nodeIdSchema, operations: z.array(z.string().min(1).max(128)) })),
})

/** One declaration of a model; see {@link declarationSchema}. */
export type Declaration = Readonly<z.infer<typeof declarationSchema>>

/** Orders ids by code units: the same on every machine, unlike a locale's order. */
export function compareIds(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
