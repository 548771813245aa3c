import { pendingRequests } from '../change-requests/due.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { planDeclared } from './declared-nodes.ts'
import { planDraft } from './draft.ts'
import type { PlanDraft, PlanInput } from './draft.ts'
import { narrowLater, reverseExtraGrants, rightsBeforeServices } from './grant-order.ts'
import { planGrants } from './grants.ts'
import { planInputs } from './inputs.ts'
import { isLost, isLostForGood } from './lost.ts'
import { checkBindings, isOrphaned } from './needs.ts'
import { orderSteps } from './order.ts'
import { planDigest } from './plan.ts'
import type { Plan } from './plan.ts'
import { planPlatformUpgrades } from './platform-upgrades.ts'
import { planRemovals } from './removals.ts'
import { planRequests, planReversals } from './requested-changes.ts'
import { planSections } from './sections.ts'

/** Computes the plan of a model on the state: pure, and at the cost of what changed. */
export function computePlan(state: EnvironmentState, input: PlanInput, context: CommandContext): Plan | Rejection {
  const draft = planDraft(state, input, context)
  const problem = checkBindings(draft) ?? planDeclared(draft) ?? planGrants(draft) ?? checkClouds(draft)
  if (problem !== undefined) return problem
  if (input.destroys !== true) {
    planReversals(draft)
    planRequests(draft)
    planPlatformUpgrades(draft)
    narrowLater(draft)
  }
  planRemovals(draft)
  reverseExtraGrants(draft)
  rightsBeforeServices(draft)
  noteMissing(draft)
  noteWaitingRequests(draft)
  const computed = { model: input.model.digest, steps: orderSteps(draft), requests: input.requests }
  const plan = { ...computed, inputs: planInputs(state, computed) }
  const sections = planSections(plan.steps)
  return { ...plan, digest: planDigest(plan), graphVersion: state.graph.version, sections, notices: draft.notices }
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
    if (!isLostForGood(draft, node)) continue
    draft.note(
      'missing-stateful',
      node,
      `${node} is missing at the provider since ${since}; it holds data, so it is not created again by itself`,
    )
  }
  for (const [need, resource] of draft.state.graph.bindings) {
    if (!draft.input.model.declarations.has(need) || !isOrphaned(draft.state, need) || isLost(draft, need)) continue
    draft.note('missing-stateful', need, `${need} was bound to ${resource}, which is no more: bind it to another one`)
  }
}

function noteWaitingRequests(draft: PlanDraft): void {
  const included = new Set(draft.input.requests)
  for (const { request, node, requester } of pendingRequests(draft.state)) {
    if (included.has(request)) continue
    draft.note('request-waiting', node, `request ${request} of ${requester.id} on ${node} is not due, or was left out`)
  }
}
