import { match } from 'ts-pattern'
import type { ResourceObservation } from '../cloud/observation.ts'
import { refKey } from '../cloud/provider-ref.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import { nodesWithOpenSteps } from '../deployments/state.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import { accepted } from '../environment/decision.ts'
import type { CommandContext, Decide, Decision } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { endAnnouncedBy } from '../external-deployments/announced.ts'
import { isApproved } from '../external-deployments/approval.ts'
import { graphDraft } from '../graph/build.ts'
import type { GraphDraft } from '../graph/build.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { importInProgress } from '../graph/import-frame.ts'
import { newestVersion, nodeByRef } from '../graph/state.ts'
import { raise } from './alerts.ts'
import { attributeDrift } from './attribution.ts'
import { RESOURCES_PER_COMMAND } from './commands.ts'
import type { DriftCommand, DriftCommandOf } from './commands.ts'
import { decideReview } from './decide-review.ts'
import { extraGrant } from './extra-grants.ts'
import { judgeResource } from './judge.ts'
import { newsOf } from './news.ts'
import { recordNews } from './record-news.ts'
import { creationsUnderWay, displacedBy, learnedRef, overtakenBy } from './standing.ts'

/** The rules of drift (DRIFT 1 to 20). Nothing that they decide writes to a provider. */
export const decideDrift: Decide<DriftCommand> = (state, command, context) =>
  match(command)
    .with({ type: 'record-observations' }, (observations) => recordObservations(state, observations, context))
    .with({ type: 'complete-observation' }, (completed) => completeObservation(state, completed, context))
    .with({ type: 'attribute-drift' }, (activity): Decision => ({
      type: 'accepted',
      events: attributeDrift(state, activity),
      divisible: true,
    }))
    .with({ type: 'review-drift' }, (review) => decideReview(state, review, context))
    .exhaustive()

/** What one page of observations is decided with. */
type Page = {
  readonly command: DriftCommandOf<'record-observations'>
  readonly draft: GraphDraft
  readonly openSteps: ReadonlySet<NodeId>
  readonly isBeingCreated: (resource: ResourceObservation) => boolean
  /** What was decided about already: a listing may tell a resource twice. */
  readonly done: Set<string>
}

function recordObservations(state: EnvironmentState, command: Page['command'], context: CommandContext): Decision {
  const largest = Math.max(command.resources.length, command.missing.length)
  if (largest > RESOURCES_PER_COMMAND)
    throw new RangeError(`${largest} resources in one command; at most ${RESOURCES_PER_COMMAND}`)
  const { openImport } = state.graph
  if (openImport !== undefined) return { type: 'rejected', rejection: importInProgress(state.graph, openImport) }
  const page: Page = {
    command,
    draft: graphDraft(state),
    openSteps: nodesWithOpenSteps(state.deployments),
    isBeingCreated: creationsUnderWay(state),
    done: new Set(),
  }
  const found = command.resources.flatMap((resource) => resourceFound(state, page, resource, context))
  const missing = command.missing.flatMap((ref) => resourceMissing(state, page, ref, context))
  return { type: 'accepted', events: [...found, ...missing], divisible: true }
}

function resourceFound(
  state: EnvironmentState,
  page: Page,
  resource: ResourceObservation,
  context: CommandContext,
): readonly DomainEvent[] {
  const { command, draft, openSteps, done } = page
  const node = nodeByRef(state.graph, resource.ref)
  if (node === undefined) return unknownFound(state, page, resource, context)
  if (done.has(node) || overtakenBy(state, node, command, openSteps) !== undefined) return []
  done.add(node)
  const { observation, observedAt } = command
  const isBack = state.drift.missing.has(node)
  const back: DomainEvent[] = isBack ? [{ type: 'ResourceFound', data: { observation, node, ref: resource.ref } }] : []
  if (!resource.settled) return back
  const { judged } = judgeResource(state, node, resource, context)
  const news = newsOf(judged, state.drift.open.get(node), command)
  const ref = learnedRef(state.graph, node, resource.ref)
  return [...back, ...recordNews(state, draft, { node, observation, observedAt, news, ref }, context)]
}

/** DRIFT 14: reported once, and left alone. Its name may have been another thing's, which is gone then. */
function unknownFound(
  state: EnvironmentState,
  page: Page,
  resource: ResourceObservation,
  context: CommandContext,
): readonly DomainEvent[] {
  const { command, done, isBeingCreated } = page
  const { ref, kind } = resource
  const displaced = command.asked === true ? displacedBy(state.graph, ref) : undefined
  const gone = displaced === undefined ? [] : nodeMissing(state, page, displaced, context)
  const key = refKey(ref)
  const extra = done.has(key) ? undefined : extraGrant(state, page, resource, context)
  if (extra !== undefined) {
    done.add(key)
    return [...gone, ...extra]
  }
  if (state.drift.unmanaged.has(key) || done.has(key) || isBeingCreated(resource)) return gone
  done.add(key)
  return [...gone, { type: 'UnmanagedResourceDiscovered', data: { observation: command.observation, ref, kind } }]
}

function resourceMissing(
  state: EnvironmentState,
  page: Page,
  ref: ProviderRef,
  context: CommandContext,
): readonly DomainEvent[] {
  const node = nodeByRef(state.graph, ref)
  if (node !== undefined) return nodeMissing(state, page, node, context)
  const key = refKey(ref)
  if (!state.drift.unmanaged.has(key) || page.done.has(key)) return []
  page.done.add(key)
  return [{ type: 'UnmanagedResourceGone', data: { observation: page.command.observation, ref } }]
}

/** How late a provider's listing may be about what was written a moment ago. */
const LATE_LISTING_MS = 5 * 60_000

/**
 * What the deployment under way wrote a moment ago is not missing because a listing does not show it yet: the deployment would make it a
 * second time when it is planned anew. If it is really gone, the next scan says so.
 */
function isJustMade(state: EnvironmentState, node: NodeId, { now }: CommandContext): boolean {
  const { current } = state.deployments
  const newest = newestVersion(state.graph, node)
  if (current === undefined || newest?.cause.type !== 'deployment' || newest.cause.deployment !== current) return false
  return Date.parse(now) - Date.parse(newest.recordedAt) < LATE_LISTING_MS
}

/** DRIFT 9: said once, with an alert; what becomes of the node is for the next plan or a person to decide. */
function nodeMissing(
  state: EnvironmentState,
  page: Page,
  node: NodeId,
  context: CommandContext,
): readonly DomainEvent[] {
  const { command, openSteps, done } = page
  const ref = state.graph.nodes.get(node)?.versions.at(-1)?.ref
  if (ref === undefined || state.drift.missing.has(node) || done.has(node)) return []
  if (overtakenBy(state, node, command, openSteps) !== undefined || isJustMade(state, node, context)) return []
  done.add(node)
  const stateful = context.kinds.orUnknown(kindOf(node)).statefulness === 'stateful'
  const message = stateful
    ? `${node} (${ref.name}) is gone at the provider; it holds data, so it is never created again by itself`
    : `${node} (${ref.name}) is gone at the provider`
  return [
    { type: 'ResourceMissing', data: { observation: command.observation, node, ref }, effectiveAt: command.observedAt },
    ...(isEndApproved(state, node)
      ? []
      : raise(
          state,
          { node, reason: 'resource-missing', severity: stateful ? 'critical' : 'warning', message },
          context.newId,
        )),
  ]
}

/** Whether a plan of another tool that was approved said that it goes: then its going alarms nobody. */
function isEndApproved(state: EnvironmentState, node: NodeId): boolean {
  const announced = endAnnouncedBy(state, node)
  return announced !== undefined && isApproved(announced.deployment)
}

/** DRIFT 19: one for each scan, however often it is told. */
function completeObservation(
  state: EnvironmentState,
  command: DriftCommandOf<'complete-observation'>,
  context: CommandContext,
): Decision {
  if (state.drift.scans.some(({ observation }) => observation === command.observation)) return accepted([])
  const { type: _, ...completed } = command
  return accepted([{ type: 'ObservationCompleted', data: { ...completed, finishedAt: context.now } }])
}
