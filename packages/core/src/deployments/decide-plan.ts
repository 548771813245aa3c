import { describeActor } from '../access/actor.ts'
import { dueRequests } from '../change-requests/due.ts'
import type { CommandContext, Decision } from '../environment/decision.ts'
import { rejected } from '../environment/decision.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { computePlan, isRejection } from '../planning/compute.ts'
import { inputKey } from '../planning/input-key.ts'
import type { SeenInput } from '../planning/inputs.ts'
import { infrastructureSteps } from '../planning/plan.ts'
import type { Plan } from '../planning/plan.ts'
import type { Step } from '../planning/step.ts'
import { environmentProtected } from '../protection/protected-nodes.ts'
import type { DeploymentCommandOf } from './commands.ts'
import { findOpenDeployment } from './find.ts'
import { approvalNeeds, isFresh } from './approval.ts'
import type { MovedInput } from './approval.ts'
import { inputsMovedSince } from './moved-inputs.ts'
import type { Deployment } from './deployment.ts'
import { voidedBy } from './void.ts'

/** Size of the steps in one event, as JSON text: well below the limit of an event. */
const PART_BYTES = 256 * 1024
/** Longest reason that is recorded. */
const REASON_CHARACTERS = 4_096

/**
 * Computes and records the plan of a deployment that has not begun. With approvals on, a plan that changes infrastructure waits
 * (DEPLOY 4). Planned again while it waits: as long as none of its inputs moved it stays as it is, and only approvals that are too old
 * are void; when one moved, all are, and another plan takes its place (DEPLOY 5).
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
  const moved = movedWhileWaiting(state, found, context)
  if (moved?.length === 0) return { type: 'accepted', events: expiredApprovals(found, context.now) }
  const plan = planAgain(state, found, context)
  if (isRejection(plan)) return { type: 'rejected', rejection: plan }
  const kept = found.destroys === true ? environmentProtected(state, context) : undefined
  if (kept !== undefined) return { type: 'rejected', rejection: kept }
  if (found.plan?.digest === plan.digest) {
    // The plan is recorded; that it waits may not be (its events come in several appends), or what had moved is back where it was.
    const isAsked = found.status === 'waiting-for-approval' && !found.isVoid
    return { type: 'accepted', events: isAsked ? [] : requestedApprovals(state, found, plan) }
  }
  // A plan that had no approvals and did not wait loses none; one whose append told it already is void.
  const isTold = found.plan === undefined || found.isVoid || (moved === undefined && found.approvals.length === 0)
  const voided = isTold ? [] : voidedBy(state, found, moved ?? inputsMovedSince(state, found, context.actor), context)
  return { type: 'accepted', events: [...voided, ...planEvents(state, found, plan)], divisible: true }
}

function planAgain(state: EnvironmentState, deployment: Deployment, context: CommandContext): Plan | Rejection {
  const model = state.application.models.get(deployment.model)
  if (model === undefined)
    return reject('model-missing', `the model of deployment ${deployment.id} is not there`, { action: 'plan' })
  const due = dueRequests(state, stillPending(state, deployment.requests), context.now)
  if ('code' in due) return due
  const requests = due.map(({ request }) => request)
  const { createNeeds, destroys = false } = deployment
  return computePlan(state, { model, requests, createNeeds, destroys }, context)
}

/** The inputs of a plan that waits which are not as they were; undefined where no plan waits, or nobody knows what it was made of. */
function movedWhileWaiting(
  state: EnvironmentState,
  found: Deployment,
  { actor, now }: CommandContext,
): readonly MovedInput[] | undefined {
  const { plan, status, isVoid } = found
  if (status !== 'waiting-for-approval' || isVoid || plan?.inputs === undefined) return undefined
  return [...inputsMovedSince(state, found, actor), ...requestsMoved(state, found, plan.requests, now)]
}

/** Requests whose time has come since, or is over: a plan takes along what is due when it is made. */
function requestsMoved(
  state: EnvironmentState,
  { requests: selection }: Deployment,
  included: readonly string[],
  now: string,
): readonly MovedInput[] {
  const due = dueRequests(state, stillPending(state, selection), now)
  if ('code' in due) return []
  const dueNow = new Set(due.map(({ request }) => request))
  const pending = included.filter((id) => state.changeRequests.requests.get(id)?.status === 'pending')
  const over = pending.filter((id) => !dueNow.has(id))
  const come = due.filter(({ request }) => !included.includes(request))
  return [
    ...over.map((id) => ({ input: inputKey.request(id), from: 'due', to: 'not due', by: 'nobody', cause: 'time' })),
    ...come.map(({ request, requester }) => {
      const by = describeActor(requester)
      return { input: inputKey.request(request), from: 'not due', to: 'due', by, cause: 'change requested' }
    }),
  ]
}

/** DEPLOY 6: approvals that are older than the policy allows count no more; the plan waits on for others. */
function expiredApprovals({ id, plan, approvals, asked }: Deployment, now: string): readonly DomainEvent[] {
  const expired = approvals.filter((approval) => !isFresh(approval, asked, now)).map(({ by, at }) => ({ by, at }))
  if (expired.length === 0 || plan === undefined) return []
  const who = expired.map(({ by, at }) => `of ${describeActor(by)} at ${at}`).join(', ')
  const reason = `expired: ${who}`.slice(0, REASON_CHARACTERS)
  return [{ type: 'ApprovalVoided', data: { deployment: id, digest: plan.digest, reason, expired } }]
}

function planEvents(state: EnvironmentState, found: Deployment, plan: Plan): DomainEvent[] {
  const parts = inParts(plan.steps, plan.inputs)
  const infrastructure = infrastructureSteps(plan).length
  const { digest, graphVersion, model, requests } = plan
  const deployment = found.id
  return [
    ...parts.map(({ steps, inputs }, index): DomainEvent => ({
      type: 'PlanStepsRecorded',
      data: { deployment, digest, part: index + 1, steps: [...steps], inputs: [...inputs] },
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
    ...requestedApprovals(state, found, plan),
  ]
}

/** DEPLOY 4: the approvals that a plan that changes infrastructure waits for, by section. An emergency waits for none (DEPLOY 13). */
export function requestedApprovals(
  { environment }: EnvironmentState,
  { id: deployment, emergency, asked }: Deployment,
  plan: Pick<Plan, 'digest' | 'steps'>,
): readonly DomainEvent<'ApprovalRequested'>[] {
  if (emergency !== undefined) return []
  const needs = approvalNeeds(environment.policies.approvals, plan.steps, asked)
  return needs === undefined ? [] : [{ type: 'ApprovalRequested', data: { deployment, digest: plan.digest, ...needs } }]
}

/** Requests that were named and withdrawn since are left out; the deployment does not fail for them. */
function stillPending(state: EnvironmentState, selection: Deployment['requests']): Deployment['requests'] {
  if (typeof selection === 'string') return selection
  return selection.filter((id) => state.changeRequests.requests.get(id)?.status === 'pending')
}

type Part = { readonly steps: Step[]; readonly inputs: SeenInput[] }

/** Steps and inputs in groups that each fit one event; at least one group, so that an empty plan is recorded too. */
function inParts(steps: readonly Step[], inputs: readonly SeenInput[]): readonly Part[] {
  const parts: Part[] = [{ steps: [], inputs: [] }]
  let bytes = 0
  const partFor = (content: Step | SeenInput): Part | undefined => {
    const size = Buffer.byteLength(JSON.stringify(content))
    if (bytes > 0 && bytes + size > PART_BYTES) {
      parts.push({ steps: [], inputs: [] })
      bytes = 0
    }
    bytes += size
    return parts.at(-1)
  }
  for (const step of steps) partFor(step)?.steps.push(step)
  for (const input of inputs) partFor(input)?.inputs.push(input)
  return parts
}
