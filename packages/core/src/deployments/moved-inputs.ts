import { match } from 'ts-pattern'
import { isDue } from '../change-requests/due.ts'
import type { CommandContext } from '../environment/decision.ts'
import { describeActor } from '../access/actor.ts'
import type { Actor } from '../access/actor.ts'
import type { DomainEvent, EventData } from '../environment/catalogue.ts'
import { policiesDigest } from '../environment/policy-digest.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { Cause } from '../graph/cause.ts'
import type { NodeId } from '../graph/ids.ts'
import { edgeAlive, newestVersion } from '../graph/state.ts'
import { inputKey } from '../planning/input-key.ts'
import { planInputs } from '../planning/inputs.ts'
import type { MovedInput } from './approval.ts'
import { unknownMover } from './fold-plan.ts'
import { currentDeployment } from './state.ts'
import type { Deployment, Plan } from './deployment.ts'

/** An input that an append moves, and the first of its events that does. */
export type MovedIn = { readonly index: number; readonly moved: MovedInput }

type Move = Omit<MovedInput, 'from' | 'by'> & { readonly by?: string }

/** What becomes an input of a plan that is recorded: what the next one would take along. */
const NEW_INPUTS: { readonly [T in DomainEvent['type']]?: string } = {
  DeletionConfirmed: 'not confirmed',
  ChangeRequested: 'not requested',
}

/** The inputs of a recorded plan that an append moves, each once, in the order of its events. */
export function inputsMovedBy(
  state: EnvironmentState,
  plan: Plan & { readonly inputs: ReadonlyMap<string, string> },
  events: readonly DomainEvent[],
  { actor, now }: Pick<CommandContext, 'actor' | 'now'>,
): readonly MovedIn[] {
  const touched = touchedBy(plan)
  const moved = new Map<string, MovedIn>()
  for (const [index, event] of events.entries()) {
    for (const move of movesOf(state, touched, event, actor, now)) {
      const from = plan.inputs.get(move.input) ?? NEW_INPUTS[event.type]
      if (from === undefined || from === move.to) continue
      // The version that an adoption records says more than the difference that it was made of.
      const first = moved.get(move.input)?.index ?? index
      moved.set(move.input, { index: first, moved: { by: describeActor(actor), ...move, from } })
    }
  }
  return [...moved.values()]
}

/**
 * The inputs of a recorded plan that are not as they were, with whoever is known to be behind it; none where nobody knows what it was made
 * of. What the deployment did itself moves nothing.
 */
export function inputsMovedSince(
  state: EnvironmentState,
  { id, model, plan }: Pick<Deployment, 'id' | 'model' | 'plan'>,
  actor: Actor,
): readonly MovedInput[] {
  const recorded = plan?.inputs
  if (plan === undefined || recorded === undefined) return []
  const steps = [...plan.steps.values()].map(({ step }) => step)
  const now = planInputs(state, { model, requests: plan.requests, steps })
  const current = new Map(now.map(({ input, value }) => [input, value]))
  const keys = new Set([...recorded.keys(), ...current.keys()])
  return [...keys].flatMap((input) => {
    const [from, to] = [recorded.get(input) ?? 'no input', current.get(input) ?? 'no input']
    if (from === to) return []
    const mover = moverOf(state, input, actor)
    return mover.by === byDeployment(id) ? [] : [{ input, from, to, ...mover }]
  })
}

function byDeployment(id: string): string {
  return `deployment ${id}`
}

function movesOf(
  state: EnvironmentState,
  touched: Touched,
  event: DomainEvent,
  actor: Actor,
  now: string,
): readonly Move[] {
  return match(event)
    .returnType<readonly Move[]>()
    .with({ type: 'NodeVersionRecorded' }, ({ data }) => [
      { input: inputKey.node(data.node), to: `version ${data.version}`, ...behind(data.cause, actor) },
    ])
    .with({ type: 'NodeRetired' }, ({ data }) => [
      { input: inputKey.node(data.node), to: `retired, version ${data.version}`, ...behind(data.cause, actor) },
    ])
    .with({ type: 'EdgeVersionRecorded' }, ({ data: { edge, from, to, cause } }) =>
      // Another version of an edge that is there changes what it carries, not where it leads.
      edgeAlive(state.graph.edges.get(edge))
        ? []
        : edgeMoves(touched, { from, to }, `edge ${edge} added`, behind(cause, actor)),
    )
    .with({ type: 'EdgeRetired' }, ({ data: { edge, cause } }) =>
      edgeMoves(touched, state.graph.edges.get(edge), `edge ${edge} ended`, behind(cause, actor)),
    )
    .with({ type: 'NodeManaged' }, ({ data }) => [
      { input: inputKey.node(data.node), to: 'managed', cause: 'handed over' },
    ])
    .with({ type: 'NeedBound' }, ({ data }) =>
      [data.need, data.resource].map((node) => ({
        input: inputKey.node(node),
        to: `${data.need} satisfied by ${data.resource}`,
        cause: 'bound',
      })),
    )
    .with({ type: 'DriftDetected' }, ({ data }) => driftMoves(touched, data, actor))
    .with({ type: 'ResourceMissing' }, ({ data }) => [
      { input: inputKey.node(data.node), to: 'missing', cause: 'drift', by: unknownMover(actor) },
    ])
    .with({ type: 'ResourceFound' }, ({ data }) => [
      { input: inputKey.node(data.node), to: 'there again', cause: 'drift', by: unknownMover(actor) },
    ])
    .with({ type: 'ChangeRequested' }, ({ data }) =>
      isTakenAlong(state, data, now)
        ? [{ input: inputKey.request(data.request), to: 'due', cause: 'change requested' }]
        : [],
    )
    .with({ type: 'ChangeWithdrawn' }, ({ data }) => requestMove(data.request, 'withdrawn'))
    .with({ type: 'ChangeRejected' }, ({ data }) => requestMove(data.request, 'rejected'))
    .with({ type: 'ChangeConverged' }, ({ data }) =>
      requestMove(data.request, 'converged').map((move) => ({ ...move, by: unknownMover(actor) })),
    )
    .with({ type: 'DeletionConfirmed' }, ({ data }) => [
      { input: inputKey.confirmation(data.node), to: `confirmed anew: ${data.reason}`, cause: 'deletion confirmed' },
    ])
    .with({ type: 'DeletionConfirmationVoided' }, ({ data }) => [
      { input: inputKey.confirmation(data.node), to: `void: ${data.reason}`, cause: 'deletion confirmation void' },
    ])
    .with({ type: 'EnvironmentPoliciesChanged' }, ({ data }) => [
      { input: inputKey.policies, to: policiesDigest(data.policies), cause: 'policies changed' },
    ])
    .otherwise(() => [])
}

/** Whether the deployment that waits takes a new request along when it is planned again. */
function isTakenAlong(state: EnvironmentState, request: EventData<'ChangeRequested'>, now: string): boolean {
  return currentDeployment(state.deployments)?.requests === 'due' && isDue(state, request, now)
}

function requestMove(request: string, to: string): readonly Move[] {
  return [{ input: inputKey.request(request), to, cause: `request ${to}` }]
}

/** A difference that stands is an input where the plan writes the property, or would restore it. */
function driftMoves(
  touched: Touched,
  { node, version, decisions }: EventData<'DriftDetected'>,
  actor: Actor,
): readonly Move[] {
  const written = touched.written.get(node)
  const moved = decisions.find(
    ({ property, decision }) =>
      decision === 'enforced' || (written?.has(property) === true && decision !== 'adopted' && decision !== 'landed'),
  )
  if (moved === undefined) return []
  const to = moved.decision === 'resolved' ? `no longer differs in ${moved.property}` : `differs in ${moved.property}`
  return [{ input: inputKey.node(node), to: `version ${version}, ${to}`, cause: 'drift', by: unknownMover(actor) }]
}

/** What the steps of a plan touch: the properties that they write, by node, and the nodes that they remove. */
type Touched = { readonly written: ReadonlyMap<NodeId, ReadonlySet<string>>; readonly removed: ReadonlySet<NodeId> }

function touchedBy(plan: Plan): Touched {
  const written = new Map<NodeId, Set<string>>()
  const removed = new Set<NodeId>()
  for (const { step } of plan.steps.values()) {
    written.set(step.node, new Set([...(written.get(step.node) ?? []), ...Object.keys(step.changes)]))
    if (step.operation === 'remove') removed.add(step.node)
  }
  return { written, removed }
}

/** An edge that comes or goes moves the node with the step that it leads from; one that ends at a removal moves that. */
function edgeMoves(
  { written, removed }: Touched,
  edge: { readonly from: NodeId; readonly to: NodeId } | undefined,
  to: string,
  by: ReturnType<typeof behind>,
): readonly Move[] {
  if (edge === undefined) return []
  const moved = [...(written.has(edge.from) ? [edge.from] : []), ...(removed.has(edge.to) ? [edge.to] : [])]
  return moved.map((node) => ({ input: inputKey.node(node), to, ...by }))
}

/** Whoever acts in the ledger; of what was found in the world, somebody unknown, until the provider's log names them. */
function behind(cause: Cause, actor: Actor): { readonly cause: string; readonly by?: string } {
  switch (cause.type) {
    case 'drift':
      return { cause: 'drift', by: unknownMover(actor) }
    case 'change-request':
      return { cause: 'request converged', by: unknownMover(actor) }
    case 'deployment':
      return { cause: 'deployment', by: byDeployment(cause.deployment) }
    case 'external-deployment':
      return { cause: 'external deployment', by: `external deployment ${cause.deployment}` }
    case 'import':
    case 'restore':
    case 'repair':
      return { cause: cause.type }
  }
}

function moverOf(state: EnvironmentState, input: string, actor: Actor): Pick<MovedInput, 'by' | 'cause'> {
  // The key of a node's input is its id behind a word.
  const node = input.startsWith('node ') ? (input.slice('node '.length) as NodeId) : undefined
  const version = node === undefined ? undefined : newestVersion(state.graph, node)
  if (node === undefined || version === undefined)
    return { by: describeActor(actor), cause: 'found when planning again' }
  const attribution = state.graph.nodes.get(node)?.attributions.findLast((known) => known.version === version.version)
  const { by = describeActor(version.actor), cause } = behind(version.cause, version.actor)
  const principal = attribution?.principal
  return { cause, by: principal === undefined || principal === 'unknown' ? by : `${principal.type} ${principal.id}` }
}
