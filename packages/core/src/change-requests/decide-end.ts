import { currentDeployment } from '../deployments/state.ts'
import { adoptSuppressed } from '../drift/adopt-suppressed.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { ChangeRequestCommandOf } from './commands.ts'
import type { ChangeRequest } from './state.ts'

type End = ChangeRequestCommandOf<'withdraw-change' | 'reject-change'>

/**
 * Takes a pending wish back or turns it down, as long as no deployment has begun to apply it
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
  const problem = checkNotBegun(state, id)
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

/** A deployment that includes the request and has begun applies it: from its first phase on it is not planned again. */
function checkNotBegun(state: EnvironmentState, id: string): Rejection | undefined {
  const deployment = currentDeployment(state.deployments)
  if (deployment?.status !== 'running' || deployment.plan?.requests.includes(id) !== true) return undefined
  const message = `deployment ${deployment.id} is applying change request ${id}; wait for its end, then request the value that you want`
  return reject('change-being-applied', message, { request: id, deployment: deployment.id })
}
