import { z } from 'zod'
import { nodeIdSchema } from '../graph/ids.ts'
import { propertiesSchema } from '../json-schema.ts'
import { requestTimeSchema } from './events.ts'

/** Most properties that one request sets. */
export const REQUEST_PROPERTIES = 200

const reason = z.string().trim().min(1, 'must say why').max(4_096)
const request = z.string().min(1)

/** What persons ask to be changed, as it comes from outside. The actor is the requester. */
export const changeRequestCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('request-change'),
    node: nodeIdSchema,
    set: propertiesSchema
      .refine((set) => Object.keys(set).length > 0, 'must set at least one property')
      .refine(
        (set) => Object.keys(set).length <= REQUEST_PROPERTIES,
        `may set at most ${REQUEST_PROPERTIES} properties`,
      ),
    reason,
    /** Needed where the impact is `downtime` (CHANGE 2). */
    downtimeAcknowledged: z.boolean().default(false),
    /** Default: the maintenance window for what restarts or interrupts, else the next deployment (CHANGE 8). */
    when: requestTimeSchema.optional(),
  }),
  z.strictObject({ type: z.literal('withdraw-change'), request, reason }),
  z.strictObject({ type: z.literal('reject-change'), request, reason }),
])

export type ChangeRequestCommand = z.input<typeof changeRequestCommandSchema>

/** One command as the rules see it, by its type. */
export type ChangeRequestCommandOf<T extends ChangeRequestCommand['type']> = Extract<
  z.output<typeof changeRequestCommandSchema>,
  { readonly type: T }
>
