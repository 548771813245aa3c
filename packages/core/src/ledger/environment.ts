import type { AccessMethods } from './access-methods.ts'
import type { AuditMethods } from './audit-methods.ts'
import type { ChangeRequestMethods } from './change-request-methods.ts'
import type { DeployingMethods } from './deploying-methods.ts'
import type { DriftMethods } from './drift-methods.ts'
import type { EndingMethods } from './ending-methods.ts'
import type { ExternalMethods } from './external-methods.ts'
import type { GraphMethods } from './graph-methods.ts'
import type { GovernanceMethods } from './governance-methods.ts'

/**
 * One environment of a ledger: what you ask it and what you tell it. Every method reads what other processes wrote first, and throws
 * `environment-not-found`, `store-unavailable` and `store-closed`. Times are ISO 8601 in UTC where they come out, and `Date` where they go in.
 *
 * Methods that change something throw the refusal as `LedgerError`; nothing is written then. Beside what each of them names, all of these
 * throw `input-invalid`; what access refuses: `role-required`, `permission-denied`, `authorizer-failed`, `actor-not-authenticated`,
 * `identity-expired`, `authentication-required`; where the environment ends: `environment-being-destroyed`, `environment-destroyed`,
 * `environment-deleted`; and of the store: `append-conflict` (others were faster twelve times), `store-full`, `ledger-newer-than-library`.
 */
export interface Environment
  extends
    DeployingMethods,
    ChangeRequestMethods,
    DriftMethods,
    GraphMethods,
    AuditMethods,
    GovernanceMethods,
    EndingMethods,
    ExternalMethods,
    AccessMethods {
  /** As it was created: `prod`, `pr:12`. */
  readonly name: string
}
