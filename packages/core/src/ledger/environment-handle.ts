import { accessMethods } from './access-methods.ts'
import { auditMethods } from './audit-methods.ts'
import { changeRequestMethods } from './change-request-methods.ts'
import { deployingMethods } from './deploying-methods.ts'
import { driftMethods } from './drift-methods.ts'
import { endingMethods } from './ending-methods.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import type { Environment } from './environment.ts'
import { externalMethods } from './external-methods.ts'
import { governanceMethods } from './governance-methods.ts'
import { graphMethods } from './graph-methods.ts'

/** The handle of one environment: its methods by concern, over the same state. */
export function environmentHandle(access: EnvironmentAccess): Environment {
  return {
    name: access.name,
    ...deployingMethods(access),
    ...changeRequestMethods(access),
    ...driftMethods(access),
    ...graphMethods(access),
    ...auditMethods(access),
    ...governanceMethods(access),
    ...endingMethods(access),
    ...externalMethods(access),
    ...accessMethods(access),
  }
}
