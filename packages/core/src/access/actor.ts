import { z } from 'zod'

/**
 * Who acted: an opaque subject id, never a person's name (names live in a directory). `assurance` says whether the identity was proven
 * (`authenticated`) or only claimed (`asserted`).
 */
export const actorSchema = z.strictObject({
  type: z.enum(['user', 'api-client', 'pull-request', 'system']),
  id: z.string().min(1).max(256),
  assurance: z.enum(['authenticated', 'asserted']),
  /** Who proved an authenticated identity: the issuer of its credential. */
  issuer: z.string().min(1).max(1_024).optional(),
})

export type Actor = Readonly<z.infer<typeof actorSchema>>

/** A person, by subject id. */
export function user(id: string): Actor {
  return { type: 'user', id, assurance: 'asserted' }
}

/** A service account or API client. */
export function apiClient(id: string): Actor {
  return { type: 'api-client', id, assurance: 'asserted' }
}

/** A pull request's automation. */
export function pullRequest(number: number): Actor {
  return { type: 'pull-request', id: String(number), assurance: 'asserted' }
}

/** The library acting on its own: an executor, a reconciler. */
export const system: Actor = Object.freeze({ type: 'system', id: 'infraledger', assurance: 'asserted' })

/** `user ada`, `system infraledger`: for messages. */
export function describeActor(actor: Actor): string {
  return `${actor.type} ${actor.id}`
}

/** Whether two actors are one, however sure their identity is. */
export function isSameActor(one: Actor, other: Actor): boolean {
  return one.type === other.type && one.id === other.id
}
