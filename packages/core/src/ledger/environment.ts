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
 * One environment of a ledger: what you ask it and what you tell it. Every method reads what other processes wrote first. Methods that
 * change something throw the refusal as `LedgerError`; nothing is written then.
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
  readonly name: string
}
