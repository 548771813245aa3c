import type { Deployment } from '../deployments/deployment.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { aliveVersion } from '../graph/state.ts'
import { nodesToDestroy } from './protected-nodes.ts'

/** Nodes that the reason of a failed destruction names. */
const LEFT_NAMED = 10

/**
 * How a destruction ends once everything was tried: with nothing of ours left the environment is destroyed; otherwise the destruction has
 * failed, says what is left and why, and can be gone on with (PROTECT 9). An ordinary deployment leaves to the next one what it cannot remove.
 */
export function destructionOutcome(state: EnvironmentState, deployment: Deployment): readonly DomainEvent[] {
  const { id, plan } = deployment
  const steps = [...(plan?.steps.values() ?? [])]
  const left = nodesToDestroy(state)
  if (left.length > 0) {
    const errors = new Map(
      steps.flatMap(({ step, error }) => (error === undefined ? [] : [[step.node, error.message] as const])),
    )
    const first = steps.find(({ status }) => status === 'failed')?.step.id
    const named = left.slice(0, LEFT_NAMED).map((node) => `${node} (${errors.get(node) ?? 'not reached'})`)
    const more = left.length > LEFT_NAMED ? ` and ${left.length - LEFT_NAMED} more` : ''
    const reason = `${left.length} of what was to be destroyed is left: ${named.join(', ')}${more}`.slice(0, 4_096)
    const where = { phase: 'cleanup' as const, ...(first === undefined ? {} : { step: first }) }
    return [{ type: 'DeploymentFailed', data: { deployment: id, ...where, reason } }]
  }
  const destroyed = steps.filter(({ step, status }) => step.operation === 'remove' && status === 'succeeded').length
  const retained = [...state.graph.nodes.keys()].filter((node) => aliveVersion(state.graph, node) !== undefined).length
  return [
    { type: 'DeploymentSucceeded', data: { deployment: id, graphVersion: state.graph.version } },
    { type: 'EnvironmentDestroyed', data: { deployment: id, destroyed, retained } },
  ]
}
