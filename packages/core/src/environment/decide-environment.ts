import { match } from 'ts-pattern'
import { invalidInput } from '../invalid-input.ts'
import type { Rejection } from '../ledger-error.ts'
import { environmentCommandSchema } from './commands.ts'
import type { EnvironmentCommand } from './commands.ts'
import type { DomainEvent } from './catalogue.ts'
import { accepted, rejected } from './decision.ts'
import type { Decide, Decision } from './decision.ts'
import { approvePolicyChange, changePolicies, rejectPolicyChange, withdrawPolicyChange } from './decide-policies.ts'
import { PRODUCTION_DRIFT_RULES } from './policies.ts'
import type { DriftRule } from './policies.ts'
import { holdersOf, subjectOf } from './roles.ts'
import type { Role } from './slice.ts'
import type { EnvironmentState } from './state.ts'

/** The rules about an environment as a whole: its creation, policies, roles (ACCESS 3) and alerts. */
export const decideEnvironment: Decide<EnvironmentCommand> = (state, command, context) => {
  const parsed = environmentCommandSchema.safeParse(command)
  if (!parsed.success) return { type: 'rejected', rejection: invalidInput(command.type, parsed.error) }
  return match(parsed.data)
    .with({ type: 'create-environment' }, ({ input }) => {
      if (state.environment.created)
        return rejected('environment-exists', `there is an environment "${input.name}" already`, {
          environment: input.name,
        })
      const { name, type, clouds, approvals } = input
      const identity = input.identity ?? (type === 'production' && context.authenticates ? 'authenticated' : undefined)
      const policies = {
        approvals,
        drift: withRulesOfType(type, input.drift),
        ...(identity === undefined ? {} : { identity }),
      }
      const created: DomainEvent = { type: 'EnvironmentCreated', data: { name, type, clouds, policies } }
      return accepted([created, { type: 'RoleGranted', data: { subject: subjectOf(context.actor), role: 'admin' } }])
    })
    .with({ type: 'change-policies' }, ({ policies }) => {
      const { type, policies: present } = state.environment
      const { identity = present.identity } = policies
      const given = { ...policies, ...(identity === undefined ? {} : { identity }) }
      return accepted(changePolicies(state, { ...given, drift: withRulesOfType(type, policies.drift) }, context))
    })
    .with({ type: 'approve-policy-change' }, (it) => answer(approvePolicyChange(state, it, context)))
    .with({ type: 'withdraw-policy-change' }, (it) => answer(withdrawPolicyChange(state, it, context)))
    .with({ type: 'reject-policy-change' }, (it) => answer(rejectPolicyChange(state, it, context)))
    .with({ type: 'grant-role' }, ({ subject, role }) =>
      accepted(
        state.environment.roles.get(subject)?.has(role) === true
          ? []
          : [{ type: 'RoleGranted', data: { subject, role } }],
      ),
    )
    .with({ type: 'revoke-role' }, ({ subject, role }) => decideRevocation(state, subject, role))
    .with({ type: 'acknowledge-alert' }, ({ alert, comment }) => {
      const known = state.environment.alerts.get(alert)
      if (known === undefined) return rejected('alert-not-found', `there is no alert ${alert}`, { alert })
      if (known.acknowledged !== undefined) return accepted([])
      return accepted([{ type: 'AlertAcknowledged', data: { alert, ...(comment === undefined ? {} : { comment }) } }])
    })
    .exhaustive()
}

/** The rules that come with the type stand last: production never adopts public access unless a rule before them says so (DRIFT 7). */
export function withRulesOfType(type: string, rules: readonly DriftRule[]): DriftRule[] {
  const own = type === 'production' ? PRODUCTION_DRIFT_RULES : []
  const given = new Set(rules.map(textOf))
  return [...rules, ...own.filter((rule) => !given.has(textOf(rule)))]
}

function answer(events: readonly DomainEvent[] | Rejection): Decision {
  return 'code' in events ? { type: 'rejected', rejection: events } : accepted(events)
}

/** Equal for equal rules, whatever the order of their keys. */
function textOf({ kind, property, decision, until, reason }: DriftRule): string {
  return JSON.stringify([kind, property, decision, until, reason])
}

/** A role that nobody holds is nothing to revoke; the last Admin stays, or nobody could decide anything any more. */
function decideRevocation(state: EnvironmentState, subject: string, role: Role): Decision {
  const holders = holdersOf(state, role)
  if (!holders.includes(subject)) return accepted([])
  if (role === 'admin' && holders.length === 1) {
    const message = `${subject} is the last Admin of ${state.environment.name}: grant the role to somebody else first`
    return rejected('last-admin', message, { subject })
  }
  return accepted([{ type: 'RoleRevoked', data: { subject, role } }])
}
