import type { ResourceObservation } from '../cloud/observation.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { graphDraft } from '../graph/build.ts'
import type { GraphDraft } from '../graph/build.ts'
import type { Cause } from '../graph/cause.ts'
import { kindOf } from '../graph/ids.ts'
import { propertyOf } from '../graph/kind-catalogue.ts'
import { aliveVersion, edgeAlive } from '../graph/state.ts'
import type { EdgeHistory } from '../graph/versions.ts'
import type { JsonValue, Properties } from '../json.ts'
import type { Step } from '../planning/step.ts'
import type { DeploymentCommandOf } from './commands.ts'

/** What a step's outcome records: the versions it caused, the requests it applied, and what the provider put off. */
export function outcomeEvents(
  state: EnvironmentState,
  step: Step,
  { deployment, observation, deferred, until, result }: DeploymentCommandOf<'finish-step'>,
  context: CommandContext,
): readonly DomainEvent[] {
  const requests = step.origins.flatMap((origin) => (origin.type === 'request' ? [origin.request] : []))
  const cause: Cause = { type: 'deployment', deployment, step: step.id, requests }
  const draft = graphDraft(state, cause)
  const putOff = Object.fromEntries(
    Object.entries(deferred).filter(([property]) => Object.hasOwn(step.changes, property)),
  )

  if (step.operation === 'remove') draft.retireNode(step.node, 'removed')
  else if (step.operation !== 'take-last-copy') recordNode(state, draft, step, observation, putOff, context)
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
  return [...draft.events, outcome, ...appliedRequests(step, deployment, putOff)]
}

function recordNode(
  state: EnvironmentState,
  draft: GraphDraft,
  step: Step,
  observation: ResourceObservation | null,
  putOff: Properties,
  context: CommandContext,
): void {
  if (aliveVersion(state.graph, step.node) !== undefined && step.operation !== 'create') {
    draft.nodeVersion(step.node, writtenValues(step, observation, putOff))
    return
  }
  const edges = edgesToRestore(state, step)
  draft.retireNode(step.node, 'vanished')
  draft.nodeVersion(step.node, {
    set: { ...withoutNull(step.changes), ...knownValues(step, observation, context) },
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
    return edge !== undefined && edgeAlive(edge) ? [edge] : []
  })
}

/** The changed properties as they were read back; what was put off is no fact yet, and other properties are for the next scan. */
function writtenValues(
  step: Step,
  observation: ResourceObservation | null,
  putOff: Properties,
): { set: Properties; unset: readonly string[] } {
  const set: Record<string, JsonValue> = {}
  const unset: string[] = []
  for (const [property, wanted] of Object.entries(step.changes)) {
    if (Object.hasOwn(putOff, property)) continue
    const value = observation?.properties[property] ?? wanted
    if (value === null) unset.push(property)
    else set[property] = value
  }
  return { set, unset }
}

/** All that a creation's answer tells and the kind knows; volatile values are never recorded (DRIFT 1). */
function knownValues(step: Step, observation: ResourceObservation | null, context: CommandContext): Properties {
  const kind = context.kinds.orUnknown(kindOf(step.node))
  const volatile = new Set(observation?.volatile)
  const entries = Object.entries(observation?.properties ?? {})
  return Object.fromEntries(
    entries.filter(
      ([property, value]) => value !== null && !volatile.has(property) && propertyOf(kind, property) !== undefined,
    ),
  )
}

function withoutNull(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null))
}

/** Requests of which this step wrote properties; those that were put off keep them pending (CHANGE 5). */
function appliedRequests(step: Step, deployment: string, putOff: Properties): readonly DomainEvent[] {
  return step.origins.flatMap((origin): DomainEvent[] => {
    if (origin.type !== 'request') return []
    const properties = origin.properties.filter((property) => !Object.hasOwn(putOff, property))
    return properties.length === 0
      ? []
      : [{ type: 'ChangeApplied', data: { request: origin.request, deployment, properties } }]
  })
}
