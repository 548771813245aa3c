import { dueRequests } from '../change-requests/due.ts'
import type { CommandContext, Decision } from '../environment/decision.ts'
import { rejected } from '../environment/decision.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { computePlan, isRejection } from '../planning/compute.ts'
import { infrastructureSteps } from '../planning/plan.ts'
import type { Plan } from '../planning/plan.ts'
import type { Step } from '../planning/step.ts'
import { environmentProtected } from '../protection/protected-nodes.ts'
import type { DeploymentCommandOf } from './commands.ts'
import { findOpenDeployment } from './find.ts'
import type { Deployment } from './state.ts'

/** Size of the steps in one event, as JSON text: well below the limit of an event. */
const PART_BYTES = 256 * 1024

/**
 * Computes and records the plan of a deployment that has not begun. With approvals on, a plan that changes infrastructure waits
 * (DEPLOY 4). Planned again after a wait: the same digest changes nothing; another one voids the approvals.
 */
export function decidePlan(
  state: EnvironmentState,
  command: DeploymentCommandOf<'plan-deployment'>,
  context: CommandContext,
): Decision {
  const found = findOpenDeployment(state, command.deployment)
  if ('code' in found) return { type: 'rejected', rejection: found }
  if (found.status === 'running') {
    return rejected('deployment-in-progress', `deployment ${found.id} runs already`, {
      deployment: found.id,
      status: found.status,
    })
  }
  const model = state.application.models.get(found.model)
  if (model === undefined)
    return rejected('model-missing', `the model of deployment ${found.id} is not there`, { action: 'plan' })
  const requests = dueRequests(state, stillPending(state, found.requests), context.now)
  if ('code' in requests) return { type: 'rejected', rejection: requests }

  const plan = computePlan(
    state,
    {
      model,
      requests: requests.map(({ request }) => request),
      createNeeds: found.createNeeds,
      destroys: found.destroys === true,
    },
    context,
  )
  if (isRejection(plan)) return { type: 'rejected', rejection: plan }
  const kept = found.destroys === true ? environmentProtected(state, context) : undefined
  if (kept !== undefined) return { type: 'rejected', rejection: kept }
  if (found.plan?.digest === plan.digest) {
    // The plan is recorded; that it waits may not be (its events come in several appends), and the policy may ask for more by now.
    const requested = requestedApprovals(state, found.id, plan)
    const isMore = requested.some(({ data }) => data.required > found.requiredApprovals)
    return { type: 'accepted', events: isMore ? requested : [] }
  }
  const voided: DomainEvent[] =
    found.plan === undefined || found.approvals.length === 0
      ? []
      : [
          {
            type: 'ApprovalVoided',
            data: { deployment: found.id, digest: found.plan.digest, reason: 'the plan is another one now' },
          },
        ]
  return { type: 'accepted', events: [...voided, ...planEvents(state, found.id, plan)], divisible: true }
}

function planEvents(state: EnvironmentState, deployment: string, plan: Plan): DomainEvent[] {
  const parts = inParts(plan.steps)
  const infrastructure = infrastructureSteps(plan).length
  const { digest, graphVersion, model, requests } = plan
  return [
    ...parts.map((steps, index): DomainEvent => ({
      type: 'PlanStepsRecorded',
      data: { deployment, digest, part: index + 1, steps: [...steps] },
    })),
    {
      type: 'PlanComputed',
      data: {
        deployment,
        digest,
        graphVersion,
        model,
        steps: plan.steps.length,
        infrastructureSteps: infrastructure,
        parts: parts.length,
        requests: [...requests],
      },
    },
    ...requestedApprovals(state, deployment, plan),
  ]
}

/** DEPLOY 4: how many Admins must approve a plan that changes infrastructure. */
function requestedApprovals(
  { environment }: EnvironmentState,
  deployment: string,
  plan: Plan,
): readonly DomainEvent<'ApprovalRequested'>[] {
  const { required } = environment.policies.approvals
  if (required === 0 || infrastructureSteps(plan).length === 0) return []
  return [{ type: 'ApprovalRequested', data: { deployment, digest: plan.digest, required } }]
}

/** Requests that were named and withdrawn since are left out; the deployment does not fail for them. */
function stillPending(state: EnvironmentState, selection: Deployment['requests']): Deployment['requests'] {
  if (typeof selection === 'string') return selection
  return selection.filter((id) => state.changeRequests.requests.get(id)?.status === 'pending')
}

/** Steps in groups that each fit one event; at least one group, so that an empty plan is recorded too. */
function inParts(steps: readonly Step[]): readonly (readonly Step[])[] {
  const parts: Step[][] = [[]]
  let bytes = 0
  for (const step of steps) {
    const size = Buffer.byteLength(JSON.stringify(step))
    if (bytes > 0 && bytes + size > PART_BYTES) {
      parts.push([])
      bytes = 0
    }
    bytes += size
    parts.at(-1)?.push(step)
  }
  return parts
}
