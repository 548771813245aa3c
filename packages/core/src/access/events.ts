import { z } from 'zod'

/** What was tried, as far as it is told: its type and id. */
const refusedTarget = z.strictObject({ type: z.string().max(64), id: z.string().max(512).optional() })

/** What is known of tries and accesses: recorded in the activity of an environment, and nothing is decided on it. */
export const activityEvents = {
  CommandRefused: z.strictObject({
    action: z.string().min(1).max(64),
    /** The error code that it was refused with. */
    code: z.string().min(1).max(64),
    target: refusedTarget.optional(),
  }),
} as const
