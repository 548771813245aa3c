import type { Actor } from '../access/actor.ts'
import { accessOf } from '../access/command-access.ts'
import { authorizationRequest } from '../access/authorization-request.ts'
import type { EventData } from '../environment/catalogue.ts'
import type { Command } from '../environment/decide.ts'
import { environmentNameSchema } from '../environment/events.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { ErrorCode } from '../ledger-error.ts'
import { noteActivity } from './activity-stream.ts'
import type { ActivityOptions } from './activity-stream.ts'

/** A command that was refused: what it was, by whom, and by what. */
export type Refusal = {
  readonly environment: string
  readonly command: Command
  readonly actor: Actor
  readonly code: ErrorCode
  /** `access`: by identity or authorizer; `rule`: by what it asks for. */
  readonly by: 'access' | 'rule'
  readonly correlationId: string
}

/**
 * Notes a refusal where it is worth being seen (ACCESS 5): whatever access refused, and of the commands that weigh most also what a rule did.
 * That it cannot be written never hides the refusal.
 */
export async function noteRefusal(state: EnvironmentState, refusal: Refusal, options: ActivityOptions): Promise<void> {
  const { environment, command, actor, code, correlationId } = refusal
  if (!isWorthNoting(refusal) || !environmentNameSchema.safeParse(environment).success) return
  const data: EventData<'CommandRefused'> = { action: command.type, code, ...targetOf(state, refusal) }
  // Who is not believed to be authenticated is told as what is left of it: somebody's word.
  const claimed: Actor =
    code === 'actor-not-authenticated' ? { type: actor.type, id: actor.id, assurance: 'asserted' } : actor
  try {
    await noteActivity(environment, { type: 'CommandRefused', data, actor: claimed, correlationId }, options)
  } catch {
    // The refusal itself is what the caller has to know, and it is on its way to them.
  }
}

function isWorthNoting({ command, actor, by }: Refusal): boolean {
  const { permitted, watched } = accessOf(command.type)
  if (actor.type === 'system' && permitted === 'system') return false
  return by === 'access' || watched === true
}

function targetOf(state: EnvironmentState, { command, actor }: Refusal): Pick<EventData<'CommandRefused'>, 'target'> {
  const { target } = authorizationRequest(state, command, actor, '')
  if (target === undefined) return {}
  return { target: { type: target.type, ...('id' in target ? { id: target.id } : {}) } }
}
