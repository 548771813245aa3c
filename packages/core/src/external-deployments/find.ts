import type { EnvironmentState } from '../environment/state.ts'
import { closest } from '../graph/closest.ts'
import { didYouMean } from '../graph/kind-catalogue.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { ExternalDeployment } from './state.ts'

/** An external deployment by id, or a refusal that names the closest known ones. */
export function findExternal(state: EnvironmentState, id: string): ExternalDeployment | Rejection {
  const { deployments } = state.externalDeployments
  const deployment = deployments.get(id)
  if (deployment !== undefined) return deployment
  const near = closest(id, deployments.keys())
  const message = `there is no external deployment ${id}${didYouMean(near)}`
  return reject('external-deployment-not-found', message, { deployment: id, closest: near })
}

/** An external deployment that is open: recorded whole, and neither ended nor turned down. */
export function findOpenExternal(state: EnvironmentState, id: string): ExternalDeployment | Rejection {
  const deployment = findExternal(state, id)
  if ('code' in deployment || deployment.status === 'open') return deployment
  const { status, reason } = deployment
  const message =
    status === 'recording'
      ? `external deployment ${id} is not recorded whole: propose the plan again, and it goes on where it stopped`
      : `external deployment ${id} has ended: ${status}${reason === undefined ? '' : ` (${reason})`}`
  return reject('external-deployment-ended', message, { deployment: id, status })
}
