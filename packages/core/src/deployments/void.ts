import type { Command } from '../environment/decide.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { subjectOf } from '../environment/roles.ts'
import { raise } from '../drift/alerts.ts'
import type { MovedInput } from './approval.ts'
import { MOVED_LISTED } from './events.ts'
import { inputsMovedBy } from './moved-inputs.ts'
import { currentDeployment } from './state.ts'
import type { Deployment } from './deployment.ts'

const ENDS: ReadonlySet<DomainEvent['type']> = new Set([
  'DeploymentSuperseded',
  'DeploymentRejected',
  'DeploymentCancelled',
  'DeploymentFailed',
])

/** Moved inputs that a sentence names; the event lists more. */
const NAMED = 3
/** Longest text of what an input moved from and to. */
const VALUE_CHARACTERS = 512

/**
 * Adds to an append that moves an input of the plan that waits that its approvals are void, right behind the first event that does
 * (DEPLOY 5). Nothing of the deployment's own doing voids them. Costs nothing while no plan waits.
 */
export function withVoidedApprovals(
  state: EnvironmentState,
  command: Command,
  events: readonly DomainEvent[],
  context: CommandContext,
): readonly DomainEvent[] {
  const waiting = currentDeployment(state.deployments)
  if (waiting?.status !== 'waiting-for-approval' || waiting.isVoid || events.length === 0) return events
  const { plan } = waiting
  if (plan?.inputs === undefined || ('deployment' in command && command.deployment === waiting.id)) return events
  if (
    events.some((event) => ENDS.has(event.type) && 'deployment' in event.data && event.data.deployment === waiting.id)
  )
    return events
  const moved = inputsMovedBy(state, { ...plan, inputs: plan.inputs }, events, context)
  const first = moved.reduce((least, { index }) => Math.min(least, index), Infinity)
  if (moved.length === 0) return [...events, ...ofRevoked(waiting, events)]
  return events.toSpliced(
    first + 1,
    0,
    ...voidedBy(
      state,
      waiting,
      moved.map(({ moved: input }) => input),
      context,
    ),
  )
}

/** DEPLOY 6: who is an Admin no more has approved nothing; the others' approvals stay, and the plan waits on as it is. */
function ofRevoked({ id, plan, approvals }: Deployment, events: readonly DomainEvent[]): readonly DomainEvent[] {
  return events.flatMap((event): DomainEvent[] => {
    if (event.type !== 'RoleRevoked' || event.data.role !== 'admin' || plan === undefined) return []
    const { subject } = event.data
    const given = approvals.filter(
      // What another authorizer allowed, without the role, is not taken back with it.
      ({ by, authorization }) => subjectOf(by) === subject && authorization?.roles.includes('admin') !== false,
    )
    if (given.length === 0) return []
    const reason = `${subject} is no longer admin`
    const expired = given.map(({ by, at }) => ({ by, at }))
    return [{ type: 'ApprovalVoided', data: { deployment: id, digest: plan.digest, reason, expired } }]
  })
}

/** The approvals of a deployment's plan are void, for inputs have moved; with an alert where somebody had approved it. */
export function voidedBy(
  state: EnvironmentState,
  deployment: Deployment,
  moved: readonly MovedInput[],
  context: CommandContext,
): readonly DomainEvent[] {
  const digest = deployment.plan?.digest ?? ''
  const listed = moved.slice(0, MOVED_LISTED).map(shortened)
  const reason = reasonOf(listed, moved.length)
  const voided: DomainEvent = {
    type: 'ApprovalVoided',
    data: { deployment: deployment.id, digest, reason, moved: listed, movedCount: moved.length },
  }
  if (deployment.approvals.length === 0) return [voided]
  const message = `deployment ${deployment.id} was approved and is not any more: ${reason}; it is planned again`
  return [voided, ...raise(state, { reason: 'approval-voided', severity: 'warning', message }, context.newId)]
}

/** However much an input says (a request of hundreds of properties), what moved fits one event. */
function shortened(moved: MovedInput): MovedInput {
  return { ...moved, from: clipped(moved.from), to: clipped(moved.to) }
}

function clipped(text: string): string {
  return text.length > VALUE_CHARACTERS ? `${text.slice(0, VALUE_CHARACTERS - 1)}…` : text
}

function reasonOf(moved: readonly MovedInput[], count: number): string {
  if (moved.length === 0) return 'the plan is another one now'
  const named = moved
    .slice(0, NAMED)
    .map(({ input, from, to, by, cause }) => `${input} moved from ${from} to ${to} (${cause}, by ${by})`)
  const more = count - named.length
  return `${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`.slice(0, 4_096)
}
