import { currentDeployment } from '../deployments/state.ts'
import { creationsUnderWay } from '../drift/standing.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { ImportedNode } from './imported-graph.ts'

/**
 * GRAPH 6: one thing is one node. A deployment that is making a thing has no handle of it yet, so an import that holds it already would
 * make a second node of it: refused until the step has its outcome.
 */
export function checkBeingMade(state: EnvironmentState, imported: readonly ImportedNode[]): Rejection | undefined {
  const deployment = currentDeployment(state.deployments)
  if (deployment?.status !== 'running') return undefined
  const isBeingMade = creationsUnderWay(state)
  const thing = imported.find(({ kind, ref }) => ref !== undefined && isBeingMade({ kind, ref }))
  if (thing === undefined) return undefined
  const message = `deployment ${deployment.id} is making ${thing.address} (${thing.ref?.name}) right now: import again when its step has ended`
  return reject('deployment-in-progress', message, { deployment: deployment.id, status: deployment.status })
}
