import { z } from 'zod'

/** Who a credential proves its bearer to be, and until when. */
export const identitySchema = z.object({
  type: z.enum(['user', 'api-client', 'pull-request']),
  /** Opaque and stable for life: the subject that roles are granted to, never a name or an address. */
  id: z.string().min(1).max(256),
  /** Who proved it. */
  issuer: z.string().min(1).max(1_024),
  /** Until when it is good (ISO 8601). */
  expiresAt: z.iso.datetime(),
})

export type Identity = Readonly<z.infer<typeof identitySchema>>

/**
 * Finds out who somebody is. Throws `credential-invalid` for a credential that proves nothing, `authenticator-unavailable` where it cannot
 * tell now; never with the credential, or a part of it, in the error.
 */
export interface Authenticator {
  authenticate(credential: string): Promise<Identity>
}

/** Longest credential that is handed to an authenticator, in characters. */
export const CREDENTIAL_CHARACTERS = 64 * 1024
