import type { EnvironmentState } from '../environment/state.ts'
import { subjectOf } from '../environment/roles.ts'
import type { Actor } from './actor.ts'
import { REQUESTERS_TOLD } from './authorizer.ts'
import type { AuthorizationTarget } from './authorizer.ts'

/** Longest id of a target that is told; what is longer is nothing that is there. */
const ID_CHARACTERS = 512

/** A text from a command that is not checked yet: anything else is empty, a long one cut. */
export function boundedText(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, ID_CHARACTERS).toWellFormed() : ''
}

/** A deployment with who triggered it and whose requests its plan takes along. */
export function deploymentTarget(
  { deployments, changeRequests }: EnvironmentState,
  { deployment: id }: { readonly deployment: string },
): AuthorizationTarget {
  const found = deployments.deployments.get(id)
  const requesters = new Map<string, Actor>()
  for (const request of found?.plan?.requests ?? []) {
    const requester = changeRequests.requests.get(request)?.requester
    if (requester !== undefined && requesters.size < REQUESTERS_TOLD) requesters.set(subjectOf(requester), requester)
  }
  return {
    type: 'deployment',
    id: boundedText(id),
    ...(found === undefined ? {} : { triggeredBy: found.triggeredBy }),
    requesters: [...requesters.values()],
  }
}

/** A change request with whose it is. */
export function changeRequestTarget(
  { changeRequests }: EnvironmentState,
  { request: id }: { readonly request: string },
): AuthorizationTarget {
  const found = changeRequests.requests.get(id)
  return {
    type: 'change-request',
    id: boundedText(id),
    ...(found === undefined ? {} : { requester: found.requester }),
  }
}

/** A node by its id. */
export function nodeTarget(id: unknown): Extract<AuthorizationTarget, { readonly type: 'node' }> {
  return { type: 'node', id: boundedText(id) }
}

/** An external deployment with who proposed it. */
export function externalTarget(
  { externalDeployments }: EnvironmentState,
  { deployment: id }: { readonly deployment: string },
): AuthorizationTarget {
  const found = externalDeployments.deployments.get(id)
  return {
    type: 'external-deployment',
    id: boundedText(id),
    ...(found === undefined ? {} : { proposedBy: found.proposedBy }),
  }
}

/** `deployment d-1`, ` ` for what needs no name: for messages. */
export function targetText(target: AuthorizationTarget | undefined): string {
  if (target === undefined || !('id' in target) || target.id === '') return ''
  switch (target.type) {
    case 'node':
      return ` ${target.id}`
    case 'deployment':
      return ` deployment ${target.id}`
    case 'external-deployment':
      return ` external deployment ${target.id}`
    case 'change-request':
      return ` change request ${target.id}`
    case 'alert':
      return ` alert ${target.id}`
    default:
      return ''
  }
}
