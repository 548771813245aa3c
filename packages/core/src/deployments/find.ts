import type { EnvironmentState } from '../environment/state.ts'
import { closest } from '../graph/closest.ts'
import { didYouMean } from '../graph/kind-catalogue.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { hasEnded } from './deployment.ts'
import type { Deployment, StepState } from './deployment.ts'

/** A deployment by id, or a refusal that names the closest known ones. */
export function findDeployment(state: EnvironmentState, id: string): Deployment | Rejection {
  const deployment = state.deployments.deployments.get(id)
  if (deployment !== undefined) return deployment
  const near = closest(id, state.deployments.deployments.keys())
  return reject('deployment-not-found', `there is no deployment ${id}${didYouMean(near)}`, {
    deployment: id,
    closest: near,
  })
}

/** A deployment that has not ended. */
export function findOpenDeployment(state: EnvironmentState, id: string): Deployment | Rejection {
  const deployment = findDeployment(state, id)
  if ('code' in deployment || !hasEnded(deployment)) return deployment
  const { status, reason } = deployment
  return reject(
    'deployment-ended',
    `deployment ${id} has ended: ${status}${reason === undefined ? '' : ` (${reason})`}`,
    { deployment: id, status },
  )
}

/** A deployment whose phases run. */
export function findRunning(state: EnvironmentState, id: string): Deployment | Rejection {
  const deployment = findOpenDeployment(state, id)
  if ('code' in deployment || deployment.status === 'running') return deployment
  return reject('deployment-not-active', `deployment ${id} is ${deployment.status}, not running`, {
    deployment: id,
    status: deployment.status,
  })
}

/** A step of a running deployment's plan. */
export function findStep(
  state: EnvironmentState,
  id: string,
  step: string,
): { deployment: Deployment; step: StepState } | Rejection {
  const deployment = findRunning(state, id)
  if ('code' in deployment) return deployment
  const found = deployment.plan?.steps.get(step)
  if (found !== undefined) return { deployment, step: found }
  return reject('deployment-not-active', `the plan of deployment ${id} has no step ${step}`, {
    deployment: id,
    status: deployment.status,
  })
}
