import type { CommandContext } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { kindOf } from '../graph/ids.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { planDeclared } from './declared-nodes.ts'
import { planDraft } from './draft.ts'
import type { PlanDraft, PlanInput } from './draft.ts'
import { checkBindings } from './needs.ts'
import { orderSteps } from './order.ts'
import { planDigest } from './plan.ts'
import type { Plan } from './plan.ts'
import { planRemovals } from './removals.ts'
import { planRequests, planReversals } from './requested-changes.ts'

/** Computes the plan of a model on the state: pure, and at the cost of what changed. */
export function computePlan(state: EnvironmentState, input: PlanInput, context: CommandContext): Plan | Rejection {
  const draft = planDraft(state, input, context)
  const problem = checkBindings(draft) ?? planDeclared(draft) ?? checkClouds(draft)
  if (problem !== undefined) return problem
  planReversals(draft)
  planRequests(draft)
  planRemovals(draft)
  noteMissing(draft)
  noteWaitingRequests(draft)
  const plan = { model: input.model.digest, steps: orderSteps(draft), requests: input.requests }
  return { ...plan, digest: planDigest(plan), graphVersion: state.graph.version, notices: draft.notices }
}

/** Whether `computePlan` answered a refusal. */
export function isRejection(answer: Plan | Rejection): answer is Rejection {
  return 'code' in answer
}

function checkClouds(draft: PlanDraft): Rejection | undefined {
  const homeless = [...draft.steps.values()].find((step) => step.operation === 'create' && step.target === undefined)
  if (homeless === undefined) return undefined
  return reject(
    'cloud-not-configured',
    `${homeless.node} has nowhere to go: give the environment a cloud (createEnvironment({ clouds }))`,
    { provider: 'none' },
  )
}

/** A stateful resource that is gone is never re-created by itself (DRIFT 9). */
function noteMissing(draft: PlanDraft): void {
  for (const [node, { since }] of draft.state.drift.missing) {
    if (draft.context.kinds.orUnknown(kindOf(node)).statefulness !== 'stateful') continue
    draft.notices.push({
      type: 'missing-stateful',
      node,
      message: `${node} is missing at the provider since ${since}; it holds data, so it is not created again by itself`,
    })
  }
}

function noteWaitingRequests(draft: PlanDraft): void {
  const included = new Set(draft.input.requests)
  for (const request of draft.state.changeRequests.requests.values()) {
    if (request.status !== 'pending' || included.has(request.request)) continue
    draft.notices.push({
      type: 'request-waiting',
      node: request.node,
      message: `request ${request.request} of ${request.requester.id} is not due yet`,
    })
  }
}
