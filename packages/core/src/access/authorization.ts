import { z } from 'zod'
import { roleSchema } from '../environment/events.ts'

/**
 * What allowed a command, recorded with each of its events: the policy that decided and the roles that the actor held then. How sure the
 * identity was, and who proved it, stands in the actor.
 */
export const authorizationSchema = z.strictObject({
  policy: z.string().min(1).max(256),
  roles: z.array(roleSchema).max(roleSchema.options.length),
})

export type Authorization = Readonly<z.infer<typeof authorizationSchema>>
