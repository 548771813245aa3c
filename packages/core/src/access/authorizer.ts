import { z } from 'zod'
import type { Command } from '../environment/decide.ts'
import type { EnvironmentSlice, Role } from '../environment/slice.ts'
import type { Actor } from './actor.ts'

/** What somebody wants to do, by the name of the command: `approve-deployment`, `request-change`. */
export type Action = Command['type']

/** What an action is about, as far as the ledger knows it. Of what is not there only the id is told. */
export type AuthorizationTarget =
  | {
      readonly type: 'deployment'
      readonly id: string
      readonly triggeredBy?: Actor
      /** Who asked for the changes that its plan takes along; at most {@link REQUESTERS_TOLD}. */
      readonly requesters: readonly Actor[]
    }
  | { readonly type: 'change-request'; readonly id: string; readonly requester?: Actor }
  /** `forDestruction`: used or not, for the destruction of the environment. */
  | { readonly type: 'node'; readonly id: string; readonly forDestruction?: true }
  | { readonly type: 'external-deployment'; readonly id: string; readonly proposedBy?: Actor }
  | { readonly type: 'alert' | 'model' | 'import'; readonly id: string }
  | { readonly type: 'role'; readonly id: string; readonly role: string }
  | { readonly type: 'policies' | 'environment' }

/** Most requesters that a target names. */
export const REQUESTERS_TOLD = 50

/** What an authorizer is asked: who wants to do what, where, and which roles they hold there. */
export type AuthorizationRequest = {
  readonly actor: Actor
  readonly action: Action
  readonly environment: { readonly name: string; readonly type: EnvironmentSlice['type'] }
  readonly target?: AuthorizationTarget
  /** Held in the environment by the actor (ACCESS 3). */
  readonly roles: readonly Role[]
  /** When (ISO 8601). */
  readonly at: string
}

/** What an authorizer answers. */
export const permissionSchema = z.object({
  allowed: z.boolean(),
  /** Which policy decided: recorded with every event of the command. */
  policy: z.string().min(1).max(256),
  /** Why, for the person who is refused. */
  reason: z.string().min(1).max(1_024).optional(),
  /** The role that would have been enough. */
  role: z.string().min(1).max(64).optional(),
})

export type Permission = Readonly<z.infer<typeof permissionSchema>>

/**
 * Decides who may do what. It is asked for every command, on the state that the command is decided on, and again after a conflict. One that
 * throws, or answers anything but a permission, allows nothing (`authorizer-failed`). Commands on the environment wait for it, ten
 * seconds at most.
 */
export interface Authorizer {
  authorize(request: AuthorizationRequest): Promise<Permission> | Permission
}
