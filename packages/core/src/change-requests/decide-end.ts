import { describeActor } from '../access/actor.ts'
import { currentDeployment } from '../deployments/state.ts'
import { adoptSuppressed } from '../drift/adopt-suppressed.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { CommandContext } from '../environment/decision.ts'
import { adminRequired, hasRole } from '../environment/roles.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { ChangeRequestCommandOf } from './commands.ts'
import type { ChangeRequest } from './state.ts'

type End = ChangeRequestCommandOf<'withdraw-change' | 'reject-change'>

/**
 * Takes a pending wish back (its requester or an Admin) or turns it down (an Admin), as long as no deployment has begun to apply it
 * (CHANGE 6). Drift that it held back is decided again in the same append (DRIFT 12).
 */
export function endRequest(
  state: EnvironmentState,
  command: End,
  context: CommandContext,
): readonly DomainEvent[] | Rejection {
  const { request: id, reason } = command
  const request = findPending(state, id)
  if ('code' in request) return request
  const problem = checkRight(state, command, request, context) ?? checkNotBegun(state, id)
  if (problem !== undefined) return problem
  const type = command.type === 'withdraw-change' ? 'ChangeWithdrawn' : 'ChangeRejected'
  return [{ type, data: { request: id, reason } }, ...adoptSuppressed(state, request, context)]
}

/** Finds a request that still waits, or says what became of it. */
export function findPending(state: EnvironmentState, id: string): ChangeRequest | Rejection {
  const request = state.changeRequests.requests.get(id)
  if (request === undefined) return reject('change-not-found', `there is no change request ${id}`, { request: id })
  if (request.status === 'pending') return request
  const message = `change request ${id} on ${request.node} is ${request.status}, no longer pending`
  return reject('change-not-pending', message, { request: id, status: request.status })
}

function checkRight(
  state: EnvironmentState,
  command: End,
  { requester }: ChangeRequest,
  context: CommandContext,
): Rejection | undefined {
  if (command.type === 'reject-change') return adminRequired(state, context, 'reject a change request')
  const { actor } = context
  const isRequester = actor.type === requester.type && actor.id === requester.id
  if (isRequester || hasRole(state, actor, 'admin')) return undefined
  const [owner, subject] = [describeActor(requester), describeActor(actor)]
  const message = `change request ${command.request} is ${owner}'s: only they or an Admin can withdraw it, not ${subject}`
  return reject('requester-or-admin-required', message, { request: command.request, requester: owner, subject })
}

/** A deployment that includes the request and has begun applies it: from its first phase on it is not planned again. */
function checkNotBegun(state: EnvironmentState, id: string): Rejection | undefined {
  const deployment = currentDeployment(state.deployments)
  if (deployment?.status !== 'running' || deployment.plan?.requests.includes(id) !== true) return undefined
  const message = `deployment ${deployment.id} is applying change request ${id}; wait for its end, then request the value that you want`
  return reject('change-being-applied', message, { request: id, deployment: deployment.id })
}
