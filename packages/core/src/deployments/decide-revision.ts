import type { CommandContext, Decision } from '../environment/decision.ts'
import { accepted } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { inputKey } from '../planning/input-key.ts'
import type { Step } from '../planning/step.ts'
import type { MovedInput } from './approval.ts'
import type { DeploymentCommandOf } from './commands.ts'
import { openStep } from './decide-end.ts'
import { MOVED_PROPERTIES } from './events.ts'
import { findStep } from './find.ts'
import { unknownMover } from './fold-plan.ts'
import type { Plan } from './deployment.ts'
import { voidedBy } from './void.ts'

/** Times that a deployment goes back to planning; then it fails, for somebody else works on the same things all the time. */
export const REVISIONS = 5
/** Largest value of a moved property that is told, as JSON text. */
const MOVED_VALUE_BYTES = 4 * 1_024
/** Longest reason that is recorded. */
const REASON_CHARACTERS = 4_096

type MovedProperty = DeploymentCommandOf<'revise-deployment'>['moved'][number]

/**
 * DEPLOY 5: what a step was about to touch has moved, so the plan is no longer true. The deployment is planned anew, what is done stays
 * done, and an approval of the old plan is void. Not while a call of it is under way, whose outcome could not be recorded any more.
 */
export function decideRevision(
  state: EnvironmentState,
  command: DeploymentCommandOf<'revise-deployment'>,
  context: CommandContext,
): Decision {
  const found = findStep(state, command.deployment, command.step)
  if ('code' in found) return { type: 'rejected', rejection: found }
  const { deployment, step } = found
  const open = openStep(deployment)
  if (open !== undefined) return { type: 'rejected', rejection: open }
  const { id, plan, phase, approvals, revisions } = deployment
  if (revisions >= REVISIONS) {
    const reason = `it was planned anew ${REVISIONS} times, and the world moved again before ${step.step.id}: ${command.reason}`
    const where = phase === undefined ? {} : { phase }
    return accepted([
      {
        type: 'DeploymentFailed',
        data: { deployment: id, ...where, step: step.step.id, reason: reason.slice(0, REASON_CHARACTERS) },
      },
    ])
  }
  const voided =
    plan === undefined || approvals.length === 0
      ? []
      : voidedBy(state, deployment, [movedInput(plan, step.step, command.moved, context)], context)
  return accepted([
    ...voided,
    {
      type: 'DeploymentRevised',
      data: {
        deployment: id,
        step: step.step.id,
        node: step.step.node,
        reason: command.reason.slice(0, REASON_CHARACTERS),
        moved: command.moved.slice(0, MOVED_PROPERTIES).map(withoutLargeValues),
      },
    },
  ])
}

/** Values that are documents of their own are named and left out: many of them would not fit one event. */
function withoutLargeValues({ property, expected, observed }: MovedProperty): MovedProperty {
  const isSmall = (value: MovedProperty['observed']): boolean =>
    value !== undefined && Buffer.byteLength(JSON.stringify(value)) <= MOVED_VALUE_BYTES
  return {
    property,
    ...(isSmall(expected) ? { expected } : {}),
    ...(isSmall(observed) ? { observed } : {}),
  }
}

/** What moved, as an input of the plan; who is behind it may be told by the provider's log later. */
function movedInput(
  { inputs }: Plan,
  { node, nodeVersion }: Step,
  moved: DeploymentCommandOf<'revise-deployment'>['moved'],
  { actor }: CommandContext,
): MovedInput {
  const input = inputKey.node(node)
  const seen = `version ${nodeVersion}`
  const properties = moved.map(({ property }) => property)
  const to = properties.length === 0 ? 'not as it was' : `differs in ${properties.join(' and ')}`
  return { input, from: inputs?.get(input) ?? seen, to: `${seen}, ${to}`, by: unknownMover(actor), cause: 'drift' }
}
