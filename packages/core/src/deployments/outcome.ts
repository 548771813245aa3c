import type { ResourceObservation } from '../cloud/observation.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { graphDraft } from '../graph/build.ts'
import type { GraphDraft } from '../graph/build.ts'
import type { Cause } from '../graph/cause.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { checkProperty } from '../graph/kind-catalogue.ts'
import { aliveVersion, edgeAlive, newestVersion } from '../graph/state.ts'
import type { EdgeHistory } from '../graph/versions.ts'
import type { JsonValue, Properties } from '../json.ts'
import type { Step } from '../planning/step.ts'
import type { DeploymentCommandOf } from './commands.ts'
import { changedSince } from './read-back.ts'

/** What a step's outcome records: the versions it caused, the requests it applied, and what the provider put off. */
export function outcomeEvents(
  state: EnvironmentState,
  step: Step,
  { deployment, observation, deferred, until, result }: DeploymentCommandOf<'finish-step'>,
  context: CommandContext,
): readonly DomainEvent[] {
  const putOff = Object.fromEntries(
    Object.entries(deferred).filter(([property]) => Object.hasOwn(step.changes, property)),
  )
  const changed = changedSince(step, observation, context.kinds)
  const notInForce = new Set([...Object.keys(putOff), ...changed])
  // A request of which nothing is in force yet has no part in what is recorded now.
  const requests = step.origins.flatMap((origin) =>
    origin.type === 'request' && origin.properties.some((property) => !notInForce.has(property))
      ? [origin.request]
      : [],
  )
  const cause: Cause = { type: 'deployment', deployment, step: step.id, requests }
  const draft = graphDraft(state, cause)

  if (step.operation === 'remove') draft.retireNode(step.node, 'removed')
  else if (step.operation !== 'take-last-copy') recordNode(state, draft, step, observation, notInForce, context)
  for (const edge of step.edges) draft.edgeVersion(edge.kind, step.node, edge.to, { attributes: edge.attributes })
  for (const edge of step.retiredEdges) draft.retireEdge(edge)

  const outcome: DomainEvent =
    Object.keys(putOff).length > 0
      ? {
          type: 'StepDeferred',
          data: {
            deployment,
            step: step.id,
            node: step.node,
            deferred: putOff,
            ...(until === undefined ? {} : { until }),
          },
        }
      : {
          type: 'StepSucceeded',
          data: { deployment, step: step.id, node: step.node, ...(result === undefined ? {} : { result }) },
        }
  return [
    ...draft.events,
    outcome,
    ...appliedRequests(step, deployment, notInForce),
    ...resolvedDrift(state, step, deployment, draft.events, notInForce),
  ]
}

/** Records what there is of a step's node after its call: what was written and is in force, and all that is known of what was made. */
export function recordNode(
  state: EnvironmentState,
  draft: GraphDraft,
  step: Step,
  observation: ResourceObservation | null,
  notInForce: ReadonlySet<string>,
  context: CommandContext,
): void {
  if (aliveVersion(state.graph, step.node) !== undefined && step.operation !== 'create') {
    draft.nodeVersion(step.node, writtenValues(step, observation, notInForce, context))
    return
  }
  const edges = edgesToRestore(state, step)
  draft.retireNode(step.node, 'vanished')
  const asked = Object.entries(step.changes).filter(([property]) => !notInForce.has(property))
  draft.nodeVersion(step.node, {
    set: withoutNull({ ...Object.fromEntries(asked), ...knownValues(step, observation, context) }),
    ownership: 'managed',
    ...(observation === null ? {} : { ref: observation.ref }),
  })
  for (const edge of edges)
    draft.edgeVersion(edge.kind, edge.from, edge.to, { attributes: edge.versions.at(-1)?.attributes ?? {} })
}

/** The living edges of a lost resource that is made again: the new incarnation is related as the old one was. */
function edgesToRestore({ graph }: EnvironmentState, { node }: Step): readonly EdgeHistory[] {
  if (aliveVersion(graph, node) === undefined) return []
  const ids = [...(graph.outgoing.get(node) ?? []), ...(graph.incoming.get(node) ?? [])]
  return ids.flatMap((id) => {
    const edge = graph.edges.get(id)
    return edge !== undefined && edgeAlive(edge) && !isDeclared(edge, node) ? [edge] : []
  })
}

/** An edge that the code asks for: the step that makes the node again draws those of now, and what was asked for before does not come back. */
function isDeclared({ from, kind, lineage }: EdgeHistory, node: NodeId): boolean {
  return from === node && lineage === undefined && (kind === 'depends-on' || kind === 'uses')
}

/** The changed properties as they were read back; what is not in force is no fact, and other properties are for the next scan. */
function writtenValues(
  step: Step,
  observation: ResourceObservation | null,
  notInForce: ReadonlySet<string>,
  context: CommandContext,
): { set: Properties; unset: readonly string[] } {
  const set: Record<string, JsonValue> = {}
  const unset: string[] = []
  const known = knownValues(step, observation, context)
  for (const [property, wanted] of Object.entries(step.changes)) {
    if (notInForce.has(property)) continue
    const value = known[property] === undefined ? wanted : known[property]
    if (value === null) unset.push(property)
    else set[property] = value
  }
  for (const property of followersOf(step, context)) {
    const value = known[property]
    if (value === null) unset.push(property)
    else if (value !== undefined) set[property] = value
  }
  return { set, unset }
}

/** Properties that the provider derives from those that a step writes. */
function followersOf(step: Step, { kinds }: CommandContext): readonly string[] {
  return [...kinds.orUnknown(kindOf(step.node)).properties].flatMap(([property, { follows }]) =>
    follows !== undefined && Object.hasOwn(step.changes, follows) ? [property] : [],
  )
}

/**
 * All that an answer tells and the kind knows; `null` says that there is no such value. Volatile values are never recorded (DRIFT 1), and
 * what the kind would not accept is no reason to lose an outcome.
 */
function knownValues(step: Step, observation: ResourceObservation | null, context: CommandContext): Properties {
  const kind = context.kinds.orUnknown(kindOf(step.node))
  const volatile = new Set(observation?.volatile)
  const isKnown = (property: string, value: JsonValue): boolean =>
    !volatile.has(property) && (value === null || checkProperty(kind, property, value) === undefined)
  return Object.fromEntries(
    Object.entries(observation?.properties ?? {}).filter(([property, value]) => isKnown(property, value)),
  )
}

function withoutNull(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null))
}

/** Requests of which this step wrote properties; those that were put off or changed since keep them pending (CHANGE 5). */
function appliedRequests(step: Step, deployment: string, notInForce: ReadonlySet<string>): readonly DomainEvent[] {
  return step.origins.flatMap((origin): DomainEvent[] => {
    if (origin.type !== 'request') return []
    const properties = origin.properties.filter((property) => !notInForce.has(property))
    return properties.length === 0
      ? []
      : [{ type: 'ChangeApplied', data: { request: origin.request, deployment, properties } }]
  })
}

/**
 * Differences that the step did away with by writing what is recorded (a reversal): no version says so, and no later plan may go by what
 * was observed before.
 */
function resolvedDrift(
  state: EnvironmentState,
  { node, changes }: Step,
  deployment: string,
  events: readonly DomainEvent[],
  notInForce: ReadonlySet<string>,
): readonly DomainEvent[] {
  const recorded = new Set(
    events.flatMap((event) =>
      event.type === 'NodeVersionRecorded' ? [...Object.keys(event.data.set), ...event.data.unset] : [],
    ),
  )
  const open = Object.keys(changes).flatMap((property) => {
    const difference = state.drift.open.get(node)?.get(property)
    return difference === undefined || notInForce.has(property) || recorded.has(property) ? [] : [difference]
  })
  return [...Map.groupBy(open, ({ observation }) => observation)].map(([observation, differences]) => ({
    type: 'DriftDetected',
    data: {
      observation,
      node,
      version: newestVersion(state.graph, node)?.version ?? 0,
      decisions: differences.map(({ property, recorded: value }) => ({
        property,
        ...(value === undefined ? {} : { recorded: value, observed: value }),
        decision: 'resolved',
        decidedBy: `deployment ${deployment}`,
      })),
    },
  }))
}
