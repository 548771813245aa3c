import { rolesOf } from '../environment/roles.ts'
import type { Command } from '../environment/decide.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { Actor } from './actor.ts'
import type { AuthorizationRequest } from './authorizer.ts'
import { accessOf } from './command-access.ts'

/** What an authorizer is asked about a command, on the state that it is decided on. */
export function authorizationRequest(
  state: EnvironmentState,
  command: Command,
  actor: Actor,
  at: string,
): AuthorizationRequest {
  const target = accessOf(command.type).target?.(state, command)
  return {
    actor,
    action: command.type,
    environment: environmentOf(state, command),
    ...(target === undefined ? {} : { target }),
    roles: rolesOf(state, actor),
    at,
  }
}

/** An environment that is about to be created is told as it is asked for. */
function environmentOf({ environment }: EnvironmentState, command: Command): AuthorizationRequest['environment'] {
  const { name, type } = command.type === 'create-environment' && !environment.created ? command.input : environment
  return { name, type }
}
