import type { Command } from '../environment/decide.ts'
import type { Decide } from '../environment/decision.ts'
import { authorizationRequest } from './authorization-request.ts'
import { denial } from './denial.ts'
import { rolePolicy } from './role-policy.ts'

/** A rule behind the role policy, as it stands in a ledger. */
export function byRoles<C extends Command>(rule: Decide<C>): Decide<C> {
  return (state, command, context) => {
    const request = authorizationRequest(state, command, context.actor, context.now)
    const permission = rolePolicy().authorize(request)
    if (!permission.allowed) return { type: 'rejected', rejection: denial(request, permission) }
    return rule(state, command, context)
  }
}
