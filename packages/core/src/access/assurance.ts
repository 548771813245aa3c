import { subjectOf } from '../environment/roles.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { describeActor } from './actor.ts'
import type { Actor } from './actor.ts'
import type { Action } from './authorizer.ts'
import { accessOf } from './command-access.ts'

/** ACCESS 2: what weighs most is refused to an actor whose identity is only claimed, where the environment wants it proven. */
export function checkAssurance(state: EnvironmentState, action: Action, actor: Actor): Rejection | undefined {
  const { name, policies } = state.environment
  const { proven, does } = accessOf(action)
  const weighs = proven === true || (proven === 'with-four-eyes' && policies.approvals.fourEyes === true)
  if (!weighs || policies.identity !== 'authenticated' || actor.assurance === 'authenticated') return undefined
  const message = `${name} lets only authenticated actors ${does}, and ${describeActor(actor)} is merely asserted: authenticate first`
  return reject('authentication-required', message, { environment: name, action, subject: subjectOf(actor) })
}
