import type { Command } from '../environment/decide.ts'
import { currentDeployment } from '../deployments/state.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'

/** What goes on while an environment is being destroyed, besides the destruction itself: looking, and finding somebody who approves. */
const WHILE_DESTROYING: ReadonlySet<string> = new Set([
  'record-observations',
  'complete-observation',
  'attribute-drift',
  'review-drift',
  'settle-external',
  'acknowledge-alert',
  'grant-role',
  'revoke-role',
])

/** Whether the deployment under way destroys the environment. */
export function isBeingDestroyed({ deployments }: EnvironmentState): boolean {
  return currentDeployment(deployments)?.destroys === true
}

/**
 * Why an environment takes no commands of a type: it is deleted or destroyed (what a destroyed one still takes is its deletion), or it is
 * being destroyed, and meanwhile nothing else is deployed or changed (PROTECT 9, 10). A name that was used stays used.
 */
export function refusedByEnd(state: EnvironmentState, command: Command): Rejection | undefined {
  const { environment, protection } = state
  const { type: action } = command
  const { name } = environment
  if (protection.deleted !== undefined) {
    const when = `environment "${name}" was deleted from the ledger at ${protection.deleted.at}`
    const message =
      action === 'create-environment'
        ? `${when}; its history stays under this name, so a new environment takes another name`
        : `${when}: its history can be read, and nothing about it changes any more`
    return reject('environment-deleted', message, { environment: name, action })
  }
  if (action === 'create-environment') return undefined
  if (protection.destroyed !== undefined) {
    if (action === 'delete-environment') return undefined
    const message = `environment "${name}" was destroyed at ${protection.destroyed.at}: its history can be read, and nothing about it changes any more`
    return reject('environment-destroyed', message, { environment: name, action })
  }
  const current = currentDeployment(state.deployments)
  if (current?.destroys !== true || WHILE_DESTROYING.has(action) || isOnKnownDeployment(state, command))
    return undefined
  const message = `environment "${name}" is being destroyed by deployment ${current.id} (${current.status}); until that has ended, nothing else is deployed or changed`
  return reject('environment-being-destroyed', message, { environment: name, deployment: current.id, action })
}

/** What is said to the destruction's own deployment, or to one that has ended, is answered by their rules. */
function isOnKnownDeployment({ deployments }: EnvironmentState, command: Command): boolean {
  return 'deployment' in command && deployments.deployments.has(command.deployment)
}
