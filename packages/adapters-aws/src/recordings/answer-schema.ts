import { z } from 'zod'

/** What tells a caller that this is one page of several. */
const continuation = { Marker: z.string().optional(), NextToken: z.string().optional() }

/** A `DescribeDBInstances` answer: of `aws rds describe-db-instances`, of the SDK, or inside a recording. */
export const answerSchema = z.looseObject({
  DBInstances: z.array(z.unknown()),
  ...continuation,
  ResponseMetadata: z
    .looseObject({ HTTPHeaders: z.looseObject({ date: z.string().optional() }).optional() })
    .optional(),
})

/** A recording of placebo. */
export const envelopeSchema = z.looseObject({ status_code: z.number().int(), data: z.unknown() })

/** The body of an error answer. */
export const errorSchema = z.looseObject({
  Error: z.looseObject({ Code: z.string().default('Unknown'), Message: z.string().default('') }),
})
